import { sql } from 'kysely';
import type { Database } from '../store/database.ts';
import type { EventState, StoredEvent } from '../store/schema.ts';

/** Open conversations looked at in one go. */
const VISITED_AT_ONCE = 500;

interface Head {
  conversation_key: string;
  seq: number;
  state: EventState;
  run_at: number;
}

export interface ClaimOptions {
  /** Names the process that takes the lease. */
  owner: string;
  leaseMs: number;
  limit: number;
  /** Look at these only, because something just changed in them; absent: at all that are open. */
  conversationKeys?: readonly string[] | undefined;
}

/**
 * Takes due events, at most one per conversation: its oldest that is not settled. Goes round the open
 * conversations, from where the last claim stopped, so that a long queue in one of them, or many that
 * wait for a retry, cost the others nothing. Instances that claim at the same time get different ones.
 */
export function createClaim({ database, now }: { database: Database; now: () => number }) {
  const { kysely, engine } = database;
  const skipLocked = engine === 'postgres' ? sql`for update skip locked` : sql``;
  let cursor = '';

  /** The oldest unsettled event of each open conversation after the given key. */
  async function visit(after: string): Promise<Head[]> {
    const heads = await sql<Head>`
      with recursive conversation(key, visited) as (
        select min(conversation_key), 1 from events
        where state in ('waiting', 'working') and conversation_key > ${after}
        union all
        select (
          select min(conversation_key) from events
          where state in ('waiting', 'working') and conversation_key > conversation.key
        ), visited + 1
        from conversation where key is not null and visited < ${sql.lit(VISITED_AT_ONCE)}
      )
      select head.conversation_key, head.seq, head.state, head.run_at
      from conversation join events as head on head.seq = (
        select min(seq) from events
        where conversation_key = conversation.key and state in ('waiting', 'working')
      )
      where key is not null
      order by key`.execute(kysely);
    return heads.rows;
  }

  async function visitOnly(keys: readonly string[]): Promise<Head[]> {
    const heads = await sql<Head>`
      select conversation_key, seq, state, run_at from events where seq in (
        select min(seq) from events
        where state in ('waiting', 'working') and conversation_key in (${sql.join(keys)})
        group by conversation_key
      )`.execute(kysely);
    return heads.rows;
  }

  const isDue = ({ state, run_at: runAt }: Head) => state === 'waiting' && runAt <= now();

  async function take(seqs: number[], { owner, leaseMs }: ClaimOptions): Promise<StoredEvent[]> {
    const claimed = await sql<StoredEvent>`
      update events set
        state = 'working', attempts = attempts + 1,
        lease_owner = ${owner}, lease_until = ${now() + leaseMs}
      where seq in (
        select seq from events as head
        where seq in (${sql.join(seqs)}) and state = 'waiting' and run_at <= ${now()}
          and not exists (
          select 1 from events as working
          where working.conversation_key = head.conversation_key and working.state = 'working'
        )
        ${skipLocked}
      )
      returning *`.execute(kysely);
    return claimed.rows.toSorted((left, right) => left.seq - right.seq);
  }

  async function findDueAnywhere(limit: number): Promise<number[]> {
    const due = new Set<number>();
    let endsToReach = cursor === '' ? 1 : 2;
    while (endsToReach > 0) {
      const heads = await visit(cursor);
      for (const head of heads) {
        if (isDue(head)) due.add(head.seq);
        if (due.size < limit) continue;
        cursor = head.conversation_key;
        return [...due];
      }
      cursor = heads.at(-1)?.conversation_key ?? '';
      if (heads.length < VISITED_AT_ONCE) {
        cursor = '';
        endsToReach -= 1;
      }
      // Deliveries go first: SQLite answers without leaving this turn of the event loop.
      await new Promise(setImmediate);
    }
    return [...due];
  }

  return async function claim(options: ClaimOptions): Promise<StoredEvent[]> {
    const { conversationKeys, limit } = options;
    const due =
      conversationKeys === undefined
        ? await findDueAnywhere(limit)
        : (await visitOnly(conversationKeys)).filter(isDue).map(({ seq }) => seq);
    return due.length === 0 ? [] : await take(due.slice(0, limit), options);
  };
}
