import { vi } from 'vitest';
import type { Tools } from '../../server/runtime/types.ts';
import { fakeConnections } from './fake-connections.ts';

/** Tools that send nothing and remember what a handler did with them. */
export function fakeTools() {
  return {
    reply: vi.fn<Tools['reply']>(),
    replyCarousel: vi.fn<Tools['replyCarousel']>(),
    typing: vi.fn<Tools['typing']>(),
    handOff: vi.fn<Tools['handOff']>(),
    connections: fakeConnections(),
    log: { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() },
  } satisfies Tools;
}
