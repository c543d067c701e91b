import { vi } from 'vitest';
import type { Connections } from '../../server/features/connections/provider.ts';

/** Connected services that do nothing, for `fakeTools`. */
export function fakeConnections() {
  return {
    zoom: { createMeeting: vi.fn<Connections['zoom']['createMeeting']>() },
  } satisfies Connections;
}
