import { sql } from 'kysely';
import type { Core } from '../../core.ts';
import { conversationLane } from '../../inbox/lanes.ts';
import { pauseBeforeRetry } from '../../inbox/retry.ts';
import type { Settlement } from '../../inbox/settle.ts';
import type { RemoteCall } from '../../remote-call.ts';
import { isForeignKeyViolation } from '../../store/engines/database.ts';
import type { StoredEvent } from '../../store/schema.ts';
import { laneEnd } from '../../store/tables/account-events.ts';
import { AccountLimitedError, isLimit } from './limited.ts';
import type { AccountPause } from './schema.ts';

/** What `mayBegin` means by it. An id of ours does not tell: what the bot says by itself has one, too. */
const isHeldBack = ({ installation_id: id, conversation_key: lane }: StoredEvent): boolean =>
  lane.startsWith(conversationLane(id, ''));

/**
 * Limits belong to an account, and so do pauses: after a 429 none of its events is begun, in any instance.
 * When the pause is over one event goes first, and only when that went well do the others follow.
 */
export function createPauses({
  database: { kysely },
  wake,
  log,
  now,
}: Pick<Core, 'database' | 'wake' | 'log' | 'now'>) {
  /** Accounts that paused when we looked last. */
  let paused = new Set<string>();
  /** Of these, where a call succeeded since an event of theirs was begun here. */
  const called = new Set<string>();

  const find = (installationId: string) =>
    kysely
      .selectFrom('account_pauses')
      .selectAll()
      .where('installation_id', '=', installationId)
      .executeTakeFirst();

  async function begin(installationId: string, retryAfterMs: number | undefined) {
    const known = await find(installationId);
    const hasBegun = known !== undefined && known.first_seq === null && known.paused_until > now();
    const count = hasBegun ? known.count : (known?.count ?? 0) + 1;
    const pausedUntil = now() + pauseBeforeRetry(count, retryAfterMs);
    if (hasBegun) return { pausedUntil: await prolong(known, retryAfterMs), isNews: false };
    const row = { paused_until: pausedUntil, count, first_seq: null };
    const begun = await kysely
      .insertInto('account_pauses')
      .values({ installation_id: installationId, ...row })
      .onConflict((conflict) =>
        // Whoever counted the same pause before us has begun it.
        conflict
          .column('installation_id')
          .doUpdateSet(row)
          .where('account_pauses.count', '<', count),
      )
      .returning('count')
      .executeTakeFirst();
    paused.add(installationId);
    return { pausedUntil, isNews: begun !== undefined };
  }

  /** Another answer may ask for more than the one that began the pause. */
  async function prolong(known: AccountPause, retryAfterMs = 0): Promise<number> {
    if (now() + retryAfterMs <= known.paused_until) return known.paused_until;
    const until = now() + pauseBeforeRetry(1, retryAfterMs);
    await kysely
      .updateTable('account_pauses')
      .set({ paused_until: until })
      .where('installation_id', '=', known.installation_id)
      .where('paused_until', '<', until)
      .execute();
    return Math.max(until, known.paused_until);
  }

  /** The pause is over: the oldest event that is due goes first, and stays the first until it has ended. */
  async function letOneGo(pause: AccountPause): Promise<void> {
    const { installation_id: id, paused_until: until, first_seq: first } = pause;
    const next = await findNext(id, first);
    if (next === undefined) return;
    if (next.seq !== first) {
      const { numUpdatedRows } = await kysely
        .updateTable('account_pauses')
        .set({ first_seq: next.seq })
        .where('installation_id', '=', id)
        .where('paused_until', '=', until)
        .where('first_seq', 'is not distinct from', first)
        .executeTakeFirst();
      // Another instance was faster.
      if (numUpdatedRows === 0n) return;
    }
    wake([next.conversation_key]);
  }

  /** None while the first is under way; it itself, while it waits to be begun. */
  async function findNext(installationId: string, first: number | null) {
    const { rows } = await sql<Pick<StoredEvent, 'seq' | 'conversation_key'>>`
      select seq, conversation_key from events as head
      where state in ('waiting', 'working') and state = 'waiting' and run_at <= ${now()}
        and conversation_key > ${conversationLane(installationId, '')}
        and conversation_key < ${laneEnd(installationId)}
        and not exists (
          select 1 from events as other
          where other.conversation_key = head.conversation_key and other.seq < head.seq
            and other.state in ('waiting', 'working')
        )
        and not exists (select 1 from events where seq = ${first} and state = 'working')
      order by case when seq = ${first} then 0 else 1 end, seq limit 1`.execute(kysely);
    return rows[0];
  }

  /** If a call of it succeeded and none was refused, the others follow; without any call the next one goes first. */
  async function end({ installation_id: id, seq }: StoredEvent): Promise<void> {
    const isFirst = sql<boolean>`installation_id = ${id} and first_seq = ${seq}`;
    if (called.delete(id)) {
      const { numDeletedRows } = await kysely
        .deleteFrom('account_pauses')
        .where(isFirst)
        .executeTakeFirst();
      if (numDeletedRows > 0n) wake();
    } else
      await kysely.updateTable('account_pauses').set({ first_seq: null }).where(isFirst).execute();
  }

  /** Lets one event of each account go whose pause is over; tried again with the next look. */
  async function look(): Promise<void> {
    try {
      const pauses = await kysely.selectFrom('account_pauses').selectAll().execute();
      paused = new Set(pauses.map(({ installation_id: id }) => id));
      for (const pause of pauses) if (pause.paused_until <= now()) await letOneGo(pause);
    } catch (error) {
      log.error({ error }, 'Accounts that Zendesk limits could not be looked after.');
    }
  }

  async function goFirst(event: StoredEvent, run: () => Promise<Settlement>): Promise<Settlement> {
    called.delete(event.installation_id);
    const settlement = await run();
    await end(event).catch((error: unknown) =>
      log.warn({ error }, 'The next event of a paused account has to wait a little.'),
    );
    await look();
    return settlement;
  }

  const watch =
    (installationId: string, call: RemoteCall): RemoteCall =>
    async (request) => {
      try {
        const answer = await call(request);
        if (paused.has(installationId)) called.add(installationId);
        return answer;
      } catch (error) {
        if (!isLimit(error)) throw error;
        try {
          throw new AccountLimitedError(error, await begin(installationId, error.retryAfterMs));
        } catch (failure) {
          // Removed meanwhile: there is nothing left to pause.
          throw isForeignKeyViolation(failure) ? error : failure;
        }
      }
    };

  return {
    look,
    /** Around the calls made for an account: one that is refused as one too many begins a pause. */
    watch,
    /** Around an attempt; of an account that pauses only one is begun. */
    attempt: (event: StoredEvent, run: () => Promise<Settlement>): Promise<Settlement> =>
      paused.has(event.installation_id) && isHeldBack(event) ? goFirst(event, run) : run(),
  };
}
