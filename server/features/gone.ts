import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Core } from '../core.ts';
import type { Observer } from '../observe.ts';
import type { Schema } from '../store/schema.ts';

/** What Zendesk may have merged with another one of its kind. */
export interface Mergeable {
  installationId: string;
  kind: 'user' | 'conversation';
  id: string;
}

export interface Merge {
  kind: Mergeable['kind'];
  discardedId: string;
  survivingId: string;
}

/** Ids of customers, and of conversations, theirs among them. */
export interface Gone {
  userIds: readonly string[];
  conversationIds: readonly string[];
}

declare module '../observe.ts' {
  /** What becomes of customers and conversations, which one feature knows and those follow that store of them. */
  interface Observer {
    /**
     * What customers wrote is being deleted, and the rows of the events stay: of these events, or else of all
     * of the installation.
     */
    dropWords?: (
      transaction: Kysely<Schema>,
      installationId: string,
      eventIds?: readonly string[],
    ) => Promise<void>;
    /** In the transaction that deletes customers and conversations: what is stored of them goes along. */
    forget?: (transaction: Kysely<Schema>, installationId: string, gone: Gone) => Promise<void>;
    /** In the transaction that merges two: what is stored of the discarded one is the survivor's. */
    merge?: (transaction: Kysely<Schema>, installationId: string, change: Merge) => Promise<void>;
    /** What is kept of an installation's work of a kind goes: it tells of somebody who wants to be forgotten. */
    dropWork?: (installationId: string, kind: Subject['kind']) => Promise<void>;
  }
}

declare module './feature.ts' {
  interface FeatureParts {
    /** The id under which one lives on, as SQL that is part of a statement. */
    livesOn?: (place: Mergeable) => RawBuilder<string>;
    /** Of whom it stores something, in any order and some at a time: who is gone has to be forgotten. */
    listStored?: (installationId: string) => AsyncIterable<Gone>;
  }
}

/** The id under which one lives on, as SQL that is part of a statement. */
export function livesOn({ parts }: Pick<Core, 'parts'>, place: Mergeable): RawBuilder<string> {
  const [find] = parts.flatMap((part) => part.livesOn ?? []);
  return find?.(place) ?? sql<string>`${place.id}`;
}

/** The same, asked for by itself. */
export async function findLivingId(
  core: Pick<Core, 'parts'>,
  kysely: Kysely<Schema>,
  place: Mergeable,
): Promise<string> {
  const found = kysely.selectNoFrom(livesOn(core, place).as('id'));
  return (await found.executeTakeFirstOrThrow()).id;
}

/** Tells those that store what customers wrote: see `dropWords`. */
export async function tellOfDroppedWords(
  { parts }: Pick<Core, 'parts'>,
  ...given: Parameters<NonNullable<Observer['dropWords']>>
): Promise<void> {
  for (const { observer } of parts) await observer?.dropWords?.(...given);
}
