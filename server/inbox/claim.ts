import { sql, type Kysely, type RawBuilder } from 'kysely';
import { leaseEnd, type StoreDeps } from '../store/engines/database.ts';
import type { Schema, StoredEvent } from '../store/schema.ts';
import { laneEnd } from '../store/tables/account-events.ts';

/**
 * Instances by those of another version, one after the other. For so long an event of a type that is not known here
 * is left to them; what waits holds up what comes after it in its conversation.
 */
export const REPLACED_WITHIN_MS = 10 * 60_000;
/** Open conversations looked at in one go. */
const VISITED_AT_ONCE = 500;

/** The oldest unsettled event of a conversation. */
type Head = { may_begin: boolean } & Pick<
  StoredEvent,
  'conversation_key' | 'installation_id' | 'seq' | 'state' | 'run_at' | 'type' | 'received_at'
>;

export interface ClaimDeps extends StoreDeps {
  /** Whether an event may be begun, as SQL about a row `head`. */
  mayBegin: RawBuilder<boolean>;
  /** Whether this version has something to do with such events; absent: with all. */
  knows?: ((type: string) => boolean) | undefined;
}

export interface Lease {
  /** Names the process that takes it. */
  owner: string;
  leaseMs: number;
}

interface ClaimOptions extends Lease {
  limit: number;
  /** Look at these only, because something just changed in them; absent: at all that are open. */
  conversationKeys?: readonly string[] | undefined;
  /** Asked of each that could be taken; false: its account has enough under way. Absent: no limit. */
  admit?: (installationId: string) => boolean;
}

/** The oldest unsettled event of each, looked up one by one: for `group by` both engines read all that waits. */
export const headsOf = (conversationKeys: readonly string[]) => sql<{ seq: number | null }>`
  with conversation(key) as (
    values ${sql.join(conversationKeys.map((key) => sql`(cast(${key} as text))`))}
  )
  select (
    select min(seq) from events
    where conversation_key = conversation.key and state in ('waiting', 'working')
  ) as seq
  from conversation`;

/**
 * Takes those of these events that are due, and that nothing of their conversation is under way beside. Finds
 * them by `seq`, and `coalesce` sees to that: PostgreSQL, which once counted that hardly anything waits,
 * would else go through all that waits, and look up each conversation for each of them.
 */
export async function take(
  { database, mayBegin, now }: ClaimDeps,
  kysely: Kysely<Schema>,
  seqs: RawBuilder<unknown>,
  { owner, leaseMs }: Lease,
): Promise<StoredEvent[]> {
  const at = now();
  const leaseUntil = leaseEnd(database.dialect, now, leaseMs);
  const taken = await sql<StoredEvent>`
    update events set
      state = 'working', attempts = attempts + 1, lease_owner = ${owner}, lease_until = ${leaseUntil}
    where seq in (
      select seq from events as head
      where seq in (${seqs}) and coalesce(state, '') = 'waiting' and run_at <= ${at} and ${mayBegin}
        and not exists (
          select 1 from events as working
          where working.conversation_key = head.conversation_key and working.state = 'working'
        )
      ${database.dialect.skipLocked}
    )
    returning *`.execute(kysely);
  return taken.rows.toSorted((left, right) => left.seq - right.seq);
}

/**
 * Takes due events, at most one per conversation: its oldest that is not settled. Goes round the open
 * conversations, from where the last claim stopped, so that a long queue in one of them, or many that
 * wait for a retry, cost the others nothing. Instances that claim at the same time get different ones.
 */
export function createClaim(deps: ClaimDeps) {
  const { database, mayBegin, now, knows = () => true } = deps;
  const { kysely } = database;
  const columns = sql`head.conversation_key, head.installation_id, ${mayBegin} as may_begin, head.seq,
    head.state, head.run_at, head.type, head.received_at`;
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
      select ${columns} from conversation join events as head on head.seq = (
        select min(seq) from events
        where conversation_key = conversation.key and state in ('waiting', 'working')
      )
      where key is not null
      order by key`.execute(kysely);
    return heads.rows;
  }

  async function visitOnly(keys: readonly string[]): Promise<Head[]> {
    const heads = await sql<Head>`
      select ${columns} from events as head where seq in (${headsOf(keys)})`.execute(kysely);
    return heads.rows;
  }

  /** Goes on where the last claim stopped, all the way round, past the rest of an account that is passed over. */
  async function* goRound(passedOver: ReadonlySet<string>): AsyncGenerator<Head[]> {
    let endsToReach = cursor === '' ? 1 : 2;
    while (endsToReach > 0) {
      const heads = await visit(cursor);
      const last = heads.at(-1);
      const isAtEnd = heads.length < VISITED_AT_ONCE;
      cursor = (isAtEnd ? undefined : last?.conversation_key) ?? '';
      if (isAtEnd) endsToReach -= 1;
      // Whoever waits longest goes first, not whoever writes again at once.
      yield heads.toSorted((left, right) => left.seq - right.seq);
      if (!isAtEnd && last !== undefined && passedOver.has(last.installation_id))
        cursor = laneEnd(last.installation_id);
      // Deliveries go first: SQLite answers without leaving this turn of the event loop.
      await new Promise(setImmediate);
    }
  }

  return async function claim(options: ClaimOptions): Promise<StoredEvent[]> {
    const { conversationKeys, limit, admit = () => true } = options;
    const chosen = new Set<number>();
    /** Accounts that are held back, or have enough under way. */
    const passedOver = new Set<string>();
    const pages = conversationKeys ? [await visitOnly(conversationKeys)] : goRound(passedOver);
    for await (const heads of pages) {
      const at = now();
      for (const head of heads) {
        const { installation_id: account, seq } = head;
        const isDue = head.state === 'waiting' && head.run_at <= at;
        const isOurs = knows(head.type) || head.received_at + REPLACED_WITHIN_MS <= at;
        if (!isDue || !isOurs || chosen.has(seq) || chosen.size === limit) continue;
        if (head.may_begin && admit(account)) chosen.add(seq);
        else passedOver.add(account);
      }
      if (chosen.size === limit) break;
    }
    return chosen.size === 0 ? [] : await take(deps, kysely, sql.join([...chosen]), options);
  };
}
