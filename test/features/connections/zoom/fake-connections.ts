import { vi } from 'vitest';
import type { Tools } from '../../../../server/runtime/types.ts';

/** For `fakeTools({ connections: fakeConnections() })`: connections that answer what a test tells them to. */
export function fakeConnections() {
  return { zoom: { createMeeting: vi.fn<Tools['connections']['zoom']['createMeeting']>() } };
}
