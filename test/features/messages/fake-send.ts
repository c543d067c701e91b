import { vi } from 'vitest';
import type { Tools } from '../../../server/runtime/types.ts';

/** For `fakeTools(fakeSend())`: remembers what a handler sends. */
export const fakeSend = () => ({ send: vi.fn<Tools['send']>() });
