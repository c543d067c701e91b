import { vi } from 'vitest';
import type { Tools } from '../../../server/runtime/types.ts';

/** For `fakeTools(fakeUpload())`: a file is somewhere at once. */
export const fakeUpload = () => ({
  upload: vi.fn<Tools['upload']>((_source, file) => ({
    ...file,
    url: async () => `https://media.example/${file.name}`,
    isAt() {},
  })),
});
