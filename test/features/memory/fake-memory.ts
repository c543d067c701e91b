import { vi } from 'vitest';
import { z } from 'zod';
import { memory } from '../../../server/bot/memory.ts';
import {
  applyChanges,
  CLEAR,
  readChange,
  readEntries,
  toObject,
} from '../../../server/features/memory/changes.ts';
import type { MemoryPart, MemorySchemas } from '../../../server/features/memory/open-memory.ts';
import type { ConversationMemory, CustomerMemory } from '../../../server/runtime/types.ts';

/**
 * For `fakeTools({ memory: fakeMemory() })`: remembers as the real one does, without a database, beginning
 * with what it is given. The defaults are those of server/bot/memory.ts.
 */
export function fakeMemory(
  stored: {
    conversation?: { [Key in keyof ConversationMemory]?: ConversationMemory[Key] };
    customer?: { [Key in keyof CustomerMemory]?: CustomerMemory[Key] };
  } = {},
  schemas: MemorySchemas = memory,
) {
  return {
    conversation: fakePart<ConversationMemory>(stored.conversation, schemas.conversation),
    customer: fakePart<CustomerMemory>(stored.customer, schemas.customer),
  };
}

function fakePart<Value extends object>(stored: object = {}, schema?: z.ZodType<object>) {
  let entries = readEntries(JSON.stringify(stored));
  type Part = MemoryPart<Value>;
  return {
    get: vi.fn<Part['get']>(async () => {
      const value = toObject(entries);
      return z.custom<Value>().parse(schema?.parse(value) ?? value);
    }),
    set: vi.fn<Part['set']>(async (changes) => {
      entries = applyChanges(entries, [readChange(changes)]);
    }),
    clear: vi.fn<Part['clear']>(async () => {
      entries = applyChanges(entries, [CLEAR]);
    }),
  } satisfies Part;
}
