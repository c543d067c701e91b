import { sql } from 'kysely';
import { type Database, isForeignKeyViolation } from '../store/engines/database.ts';
import { RemoteError } from '../remote-error.ts';
import type { RemoteCall } from '../remote-call.ts';
import type { AccountPause } from '../store/schema.ts';
import { pauseBeforeRetry } from './retry.ts';

/** A call was answered that we call too often; its account pauses. */
export class AccountLimitedError extends RemoteError {
  /** Epoch milliseconds. */
  readonly pausedUntil: number;
  /** False: the pause had begun already when the answer came. */
  readonly isNews: boolean;

  constructor(cause: RemoteError, pause: { pausedUntil: number; isNews: boolean }) {
    const { operation, status, code, reason, retryAfterMs } = cause;
    super(operation, { status, code, reason, retryAfterMs, cause });
    this.pausedUntil = pause.pausedUntil;
    this.isNews = pause.isNews;
  }
}

export type AccountPauses = ReturnType<typeof createAccountPauses>;

/**
 * Limits belong to an account, and so do pauses: after a 429 none of its events is begun, in any instance.
 * When the pause is over one event goes first, and only when that went well do the others follow.
 */
export function createAccountPauses({
  database: { kysely },
  now,
}: {
  database: Database;
  now: () => number;
}) {
  /** Of each account the event that goes first, while it is handled in this process. */
  const probes = new Map<string, { seq: number; hasCalled: boolean }>();
  let onResumed = () => {};

  const find = (installationId: string) =>
    kysely
      .selectFrom('account_pauses')
      .selectAll()
      .where('installation_id', '=', installationId)
      .executeTakeFirst();

  async function begin(installationId: string, retryAfterMs: number | undefined) {
    const known = await find(installationId);
    const hasBegun = known !== undefined && known.is_probing === 0 && known.paused_until > now();
    const count = hasBegun ? known.count : (known?.count ?? 0) + 1;
    const pausedUntil = now() + pauseBeforeRetry(count, retryAfterMs);
    if (hasBegun) return { pausedUntil: await prolong(known, retryAfterMs), isNews: false };
    const row = { paused_until: pausedUntil, count, is_probing: 0 } as const;
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

  return {
    /** Watches the calls made for an account: one that is refused as one too many begins a pause. */
    watch(installationId: string, call: RemoteCall): RemoteCall {
      return async (request) => {
        try {
          const answer = await call(request);
          const probe = probes.get(installationId);
          if (probe !== undefined) probe.hasCalled = true;
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
    },

    /**
     * Whether this event of a paused account may go first. For `leaseMs`, as long as a dead process would
     * keep it, none other may.
     */
    async tryProbe(installationId: string, seq: number, leaseMs: number): Promise<boolean> {
      const taken = await kysely
        .updateTable('account_pauses')
        .set({ is_probing: 1, paused_until: now() + leaseMs })
        .where('installation_id', '=', installationId)
        .where('paused_until', '<=', now())
        .returning('count')
        .executeTakeFirst();
      if (taken !== undefined) probes.set(installationId, { seq, hasCalled: false });
      return taken !== undefined;
    },

    /**
     * The event that went first has ended: if a call of it succeeded and none was refused, the others follow;
     * without any call the next one goes first.
     */
    async endProbe(installationId: string, seq: number): Promise<void> {
      const probe = probes.get(installationId);
      if (probe?.seq !== seq) return;
      probes.delete(installationId);
      const ended = sql<boolean>`installation_id = ${installationId} and is_probing = 1`;
      if (probe.hasCalled) await kysely.deleteFrom('account_pauses').where(ended).execute();
      else {
        const next = { is_probing: 0, paused_until: now() } as const;
        await kysely.updateTable('account_pauses').set(next).where(ended).execute();
      }
      onResumed();
    },

    /** The listener is called when an account has more to do than a moment ago. */
    whenResumed(listener: () => void): void {
      onResumed = listener;
    },
  };
}

/** Also a Retry-After of whatever stands in between: waiting does no harm. */
function isLimit(error: unknown): error is RemoteError {
  if (!(error instanceof RemoteError)) return false;
  return error.status === 429 || (error.status === undefined && error.retryAfterMs !== undefined);
}
