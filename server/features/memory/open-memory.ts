import { z } from 'zod';
import type { Core } from '../../core.ts';
import { OperatorError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { ConversationMemory, CustomerMemory } from '../../runtime/types.ts';
import type { Database } from '../../store/engines/database.ts';
import type { Attempt } from '../attempt.ts';
import {
  applyChanges,
  CLEAR,
  readChange,
  sizeOf,
  toObject,
  type Change,
  type Entries,
} from './changes.ts';
import { changeMemory, MAX_BYTES, readMemory, type Kind, type Place } from './stored.ts';

declare module '../../runtime/types.ts' {
  /** What is remembered of a conversation: server/bot/memory.ts says which keys. */
  interface ConversationMemory {}
  /** What is remembered of a customer, in all of the account's conversations. */
  interface CustomerMemory {}
  interface Tools {
    /** Kept when the event is done, and not at all when the handler fails: once, as replies are. */
    memory: Memory;
  }
  interface Bot {
    /** What is remembered is checked against these, where there is one. */
    memory?: MemorySchemas;
  }
}

export interface Memory {
  conversation: MemoryPart<ConversationMemory>;
  customer: MemoryPart<CustomerMemory>;
}

export interface MemoryPart<Value extends object> {
  /** What is remembered, with the handler's own changes. The database is asked once an attempt, when needed. */
  get: () => Promise<Value>;
  /**
   * Remembers these keys and leaves the others alone; undefined or null forgets one.
   * @throws RangeError when it would be more than 16 KB of JSON, TypeError for what JSON has no word for.
   */
  set: (changes: { [Key in keyof Value]?: Value[Key] | null | undefined }) => Promise<void>;
  /** Forgets every key. */
  clear: () => Promise<void>;
}

/** Each takes an empty object: what is missing has a default, or is optional. */
export type MemorySchemas = { [Part in Kind]?: z.ZodType<object> };

type MemoryAttempt = Pick<
  Attempt,
  'installation' | 'conversationId' | 'customer' | 'event' | 'onSettle'
>;

interface MemoryDeps extends Pick<Core, 'parts'> {
  database: Pick<Database, 'kysely'>;
  schemas: MemorySchemas;
  log: Log;
  now: () => number;
}

/** A handler shall never fail because nothing is remembered yet. @throws OperatorError that names the keys */
export function requireDefaults(schemas: MemorySchemas): void {
  for (const [kind, schema] of Object.entries(schemas)) {
    const parsed = schema.safeParse({});
    if (parsed.success) continue;
    const keys = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
    throw new OperatorError(
      `The memory of a ${kind} is empty at first, so each key needs .optional() or .default(): ${keys}.`,
    );
  }
}

/** What a handler receives at an attempt. */
export function openMemory(deps: MemoryDeps, attempt: MemoryAttempt): Memory {
  const { conversationId, customer } = attempt;
  return {
    conversation: openPart<ConversationMemory>(deps, attempt, 'conversation', conversationId),
    customer: openPart<CustomerMemory>(deps, attempt, 'customer', customer.id),
  };
}

function openPart<Value extends object>(
  { database, parts, schemas, log, now }: MemoryDeps,
  { installation, event, onSettle }: MemoryAttempt,
  kind: Kind,
  id: string,
): MemoryPart<Value> {
  const place: Place = { kind, installationId: installation.id, id };
  let changes: Change[] = [];
  let isChanged = false;
  let stored: Promise<Entries> | undefined;
  const read = () => (stored ??= readMemory({ parts }, database.kysely, place));

  /** Before anything is waited for, so that none is lost if the handler does not wait. */
  function add(change: Change): void {
    changes.push(change);
    if (isChanged) return;
    isChanged = true;
    onSettle((transaction) =>
      changeMemory(
        { parts },
        transaction,
        place,
        (entries) => applyChanges(entries, changes),
        now(),
      ),
    );
  }

  return {
    async get() {
      const entries = applyChanges(await read(), changes);
      const value = fit(schemas[kind], entries, (keys) =>
        log.warn(
          { installationId: installation.id, eventId: event.event_id, keys },
          `What is remembered of the ${kind} no longer fits its schema, so the defaults are used.`,
        ),
      );
      return z.custom<Value>().parse(value);
    },

    async set(given) {
      const change = readChange(given);
      add(change);
      const before = await read();
      const size = sizeOf(applyChanges(before, changes));
      if (size <= MAX_BYTES) return;
      const others = changes.filter((one) => one !== change);
      // Less than before is always allowed: otherwise there would be no way back.
      if (size <= sizeOf(applyChanges(before, others))) return;
      changes = others;
      throw new RangeError(
        `The memory of the ${kind} would be ${size} bytes of JSON, and ${MAX_BYTES} are the most: ` +
          `forget keys with set({ key: undefined }), or keep the rest elsewhere and remember where.`,
      );
    },

    async clear() {
      add(CLEAR);
    },
  };
}

/** What was written under another schema is not worth a failure: keys that do not fit are as if never set. */
function fit(
  schema: z.ZodType<object> | undefined,
  entries: Entries,
  warn: (keys: string[]) => void,
): object {
  const value = toObject(entries);
  if (schema === undefined) return value;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const wrong = new Set(parsed.error.issues.map(({ path }) => String(path[0] ?? 'all of it')));
  warn([...wrong]);
  const fitting = [...entries].filter(([key]) => !wrong.has(key));
  return schema.safeParse(toObject(new Map(fitting))).data ?? schema.parse({});
}
