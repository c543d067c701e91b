import { sql } from 'kysely';
import type { Database } from '../store/engines/database.ts';
import { jobLane } from './lanes.ts';
import type { EventState, StoredEvent } from '../store/schema.ts';
import { laneEnd } from '../store/tables/account-events.ts';
import type { AccountPauses } from './account-pauses.ts';

/** Open conversations looked at in one go. */
const VISITED_AT_ONCE = 500;

/** The oldest unsettled event of a conversation. */
interface Head {
  conversation_key: string;
  installation_id: string;
  /** Of the account, if Zendesk limits it. */
  paused_until: number | null;
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
  /** Asked of each that could be taken; false: its account has enough under way. Absent: no limit. */
  admit?: (installationId: string) => boolean;
}

const PAUSED_UNTIL = sql`(
  select paused_until from account_pauses where installation_id = head.installation_id
) as paused_until`;

/**
 * The oldest unsettled event of each of these conversations, where there is one. Looked up one by one: with
 * `group by` both engines read all that waits in each, and the more there is, the longer everybody waits.
 */
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
 * Takes due events, at most one per conversation: its oldest that is not settled. Goes round the open
 * conversations, from where the last claim stopped, so that a long queue in one of them, or many that
 * wait for a retry, cost the others nothing. Instances that claim at the same time get different ones.
 */
export function createClaim(dependencies: {
  database: Database;
  pauses: AccountPauses;
  now: () => number;
}) {
  const { pauses, now } = dependencies;
  const {
    kysely,
    dialect: { skipLocked },
  } = dependencies.database;
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
      select head.conversation_key, head.installation_id, ${PAUSED_UNTIL}, head.seq, head.state,
        head.run_at
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
      select conversation_key, installation_id, ${PAUSED_UNTIL}, seq, state, run_at
      from events as head where seq in (${headsOf(keys)})`.execute(kysely);
    return heads.rows;
  }

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

  /** Chooses among the heads it is shown; of an account that comes back from a pause only the first. */
  function createSelection({ limit, admit = () => true }: ClaimOptions) {
    const chosen = new Map<number, { installationId: string; isProbe: boolean }>();
    const passedOver = new Set<string>();

    function choose(head: Head): void {
      const { installation_id: installationId, conversation_key: lane, seq } = head;
      const isDue = head.state === 'waiting' && head.run_at <= now();
      if (!isDue || chosen.has(seq) || passedOver.has(installationId)) return;
      // Jobs of ours do not call the account's API.
      const pausedUntil = lane.startsWith(jobLane(installationId, '')) ? null : head.paused_until;
      const isChosen = (pausedUntil === null || pausedUntil <= now()) && admit(installationId);
      const isProbe = pausedUntil !== null;
      if (isChosen) chosen.set(seq, { installationId, isProbe });
      if (isProbe || !isChosen) passedOver.add(installationId);
    }
    return { chosen, passedOver, choose, isFull: () => chosen.size >= limit };
  }
  type Selection = ReturnType<typeof createSelection>;

  async function selectAnywhere(selection: Selection): Promise<void> {
    let endsToReach = cursor === '' ? 1 : 2;
    while (endsToReach > 0) {
      const heads = await visit(cursor);
      const last = heads.at(-1);
      cursor = last?.conversation_key ?? '';
      // Whoever waits longest goes first, not whoever writes again at once.
      for (const head of heads.toSorted((left, right) => left.seq - right.seq))
        if (!selection.isFull()) selection.choose(head);
      // However many conversations such an account has, they are not walked through.
      if (last !== undefined && selection.passedOver.has(last.installation_id))
        cursor = laneEnd(last.installation_id);
      if (heads.length < VISITED_AT_ONCE) {
        cursor = '';
        endsToReach -= 1;
      }
      if (selection.isFull()) return;
      // Deliveries go first: SQLite answers without leaving this turn of the event loop.
      await new Promise(setImmediate);
    }
  }

  return async function claim(options: ClaimOptions): Promise<StoredEvent[]> {
    const { conversationKeys, limit, leaseMs } = options;
    const selection = createSelection(options);
    if (conversationKeys === undefined) await selectAnywhere(selection);
    else for (const head of await visitOnly(conversationKeys)) selection.choose(head);
    const chosen = [...selection.chosen].slice(0, limit);
    const seqs: number[] = [];
    for (const [seq, { installationId, isProbe }] of chosen)
      if (!isProbe || (await pauses.tryProbe(installationId, seq, leaseMs))) seqs.push(seq);
    const events = seqs.length === 0 ? [] : await take(seqs, options);
    const taken = new Set(events.map(({ seq }) => seq));
    for (const [seq, { installationId, isProbe }] of chosen)
      if (isProbe && !taken.has(seq)) await pauses.endProbe(installationId, seq);
    return events;
  };
}
