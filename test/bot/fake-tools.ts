import { vi } from 'vitest';
import type { Connections } from '../../server/features/connections/provider.ts';
import type { Tools } from '../../server/runtime/types.ts';

/** Tools that send nothing and remember what a handler did with them. */
export function fakeTools() {
  return {
    reply: vi.fn<Tools['reply']>(),
    replyCarousel: vi.fn<Tools['replyCarousel']>(),
    typing: vi.fn<Tools['typing']>(),
    handOff: vi.fn<Tools['handOff']>(),
    connections: {
      zoom: { createMeeting: vi.fn<Connections['zoom']['createMeeting']>() },
    },
    log: { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() },
  } satisfies Tools;
}
