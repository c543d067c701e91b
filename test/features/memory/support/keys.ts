import { z } from 'zod';
import type { MemoryPart } from '../../../../server/features/memory/open-memory.ts';
import type { Tools } from '../../../../server/runtime/types.ts';

/** What the tests of memory remember. What server/bot/memory.ts declares is somebody else's, and may be anything. */
export interface TestMemory {
  conversation: MemoryPart<{ waitingFor?: string; count?: number; words?: string }>;
  customer: MemoryPart<{
    orders?: string[];
    seen?: number;
    words?: string;
    [key: `of ${string}`]: string;
  }>;
}

export type Remembering<Context> = Omit<Context, 'memory'> & { memory: TestMemory };

/** A handler that remembers these. */
export const remembering =
  <Context extends Pick<Tools, 'memory'>, Result>(
    handle: (context: Remembering<Context>) => Result,
  ) =>
  (context: Context): Result =>
    handle(z.custom<Remembering<Context>>().parse(context));
