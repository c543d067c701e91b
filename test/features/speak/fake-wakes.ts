import { vi } from 'vitest';
import { writeData } from '../../../server/features/speak/wake-tools.ts';
import type { Tools } from '../../../server/runtime/types.ts';

/**
 * For `fakeTools(fakeWakes())`: alarms that never go off, and remember what they were set to. Data that
 * is no JSON, or too much of it, is refused as by the real one.
 */
export function fakeWakes() {
  let count = 0;
  return {
    wakeAt: vi.fn<Tools['wakeAt']>(async (_time, data, { key = `wake ${++count}` } = {}) => {
      writeData(data);
      return key;
    }),
    cancelWake: vi.fn<Tools['cancelWake']>(),
  };
}
