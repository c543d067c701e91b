import { vi } from 'vitest';
import type { CoreTools, IncomingMessage, Tools } from '../../server/runtime/types.ts';

/**
 * Tools that send nothing and remember what a handler did with them. What features add is there only if a
 * test brings it along, as a fake of its own.
 */
export function fakeTools<More extends Partial<Tools>>(more?: More) {
  const own = {
    event: { id: 'event', attempt: 1, signal: new AbortController().signal },
    customer: { id: 'customer', externalId: undefined, isAuthenticated: false },
    conversation: { id: 'conversation', channel: 'web', metadata: {} },
    reply: vi.fn<CoreTools['reply']>(),
    typing: vi.fn<CoreTools['typing']>(),
    handOff: vi.fn<CoreTools['handOff']>(),
    end: vi.fn<CoreTools['end']>(),
    log: { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() },
    /** Of onMessage: nothing before the message. */
    earlier: [],
  } satisfies CoreTools & { earlier: readonly IncomingMessage[] };
  const parts: object[] = [own, more ?? {}];
  const all: typeof own & More & Tools = Object.assign({}, ...parts);
  return all;
}
