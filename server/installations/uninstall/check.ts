import { messageOf } from '../../errors.ts';
import type { EventStore, Settlement } from '../../inbox/event-store.ts';
import type { ActivityLog } from '../../store/tables/activity-log.ts';
import { isForeignKeyViolation } from '../../store/engines/database.ts';
import { jobLane } from '../../inbox/lanes.ts';
import type { Installation, StoredEvent } from '../../store/schema.ts';
import type { TokenCheckStore } from '../../store/tables/token-checks.ts';
import { lookAtToken, type TokenLooks } from './look-at-token.ts';
import { forget, type Forgetting } from './forget.ts';

/** The job of the inbox, where it survives a restart; begins as the ids of jobs do (inbox/lanes.ts). */
export const CHECK_TOKEN = 'shopkeeper:check-token';

/** Pauses before the second, third and fourth look at a token that Zendesk still accepts. */
const PAUSES_MS = [5_000, 30_000, 5 * 60_000];
/** Nothing ends by one look: a second one has to agree, so much later. */
const BETWEEN_REJECTIONS_MS = 5_000;
/** Without an answer the pauses grow to this. */
const LONGEST_PAUSE_MS = 60 * 60_000;

export interface TokenChecks extends TokenLooks, Forgetting {
  tokenChecks: TokenCheckStore;
  activityLog: ActivityLog;
  now: () => number;
}

/** What begins a check. */
export interface Doubting {
  tokenChecks: TokenCheckStore;
  events: Pick<EventStore, 'schedule'>;
  wake: () => void;
  now: () => number;
}

/** Begins a check, and is harmless while one is under way. `isReported`: Zendesk may have said it is over. */
export async function doubtToken(
  deps: Doubting,
  installationId: string,
  { isReported }: { isReported: boolean },
): Promise<void> {
  try {
    await deps.tokenChecks.begin(installationId, isReported ? deps.now() : null);
    await scheduleCheck(deps, installationId);
  } catch (error) {
    // Removed meanwhile, by its owner for one: there is nothing left to check.
    if (!isForeignKeyViolation(error)) throw error;
  }
}

/** Puts the job into the inbox, or wakes the one that is there. */
export async function scheduleCheck(
  { events, wake }: Pick<Doubting, 'events' | 'wake'>,
  installationId: string,
): Promise<void> {
  await events.schedule({
    installation_id: installationId,
    event_id: CHECK_TOKEN,
    type: CHECK_TOKEN,
    conversation_key: jobLane(installationId, CHECK_TOKEN),
    payload: null,
    state: 'waiting',
    note: null,
  });
  wake();
}

/**
 * One look at a token in doubt, and when the next one is due. After a remove callback, which is not signed
 * and so only a hint: rejected twice, all of the installation goes; accepted, the callback was spoofed, or
 * late after a reinstall, or the revocation has not spread yet, hence a few more looks. After a call was
 * refused: rejected twice, the installation is revoked until somebody connects it again. No clear answer
 * means another look, for as long as it takes.
 */
export async function checkToken(
  deps: TokenChecks,
  installation: Installation,
  event: StoredEvent,
): Promise<Settlement> {
  const again = (note: string, pauseMs: number): Settlement => ({
    event,
    state: 'waiting',
    note,
    runAt: deps.now() + pauseMs,
  });
  const { id, display_name: name } = installation;
  // Without one it goes on with a removal that its owner had begun.
  const check = (await deps.tokenChecks.find(id)) ?? (await deps.tokenChecks.begin(id, deps.now()));
  let isAccepted;
  try {
    isAccepted = await lookAtToken(deps, installation);
  } catch (error) {
    const pause = Math.min(BETWEEN_REJECTIONS_MS * 2 ** event.attempts, LONGEST_PAUSE_MS);
    return again(`Zendesk could not be asked: ${messageOf(error)}`, pause);
  }
  if (isAccepted) return await noteAcceptance();
  const since = check.rejected_at === null ? -1 : deps.now() - check.rejected_at;
  if (since >= BETWEEN_REJECTIONS_MS) return await end();
  const note = 'Zendesk no longer accepts our token; looking once more.';
  if (since >= 0) return again(note, BETWEEN_REJECTIONS_MS - since);
  await deps.tokenChecks.update(id, { rejected_at: deps.now() });
  // From here on nothing can be answered: its webhook says so until it is decided.
  await deps.installations.setStatus(id, ['active'], 'removing');
  return again(note, BETWEEN_REJECTIONS_MS);

  async function noteAcceptance(): Promise<Settlement> {
    const looks = check.accepted_looks + 1;
    await deps.installations.setStatus(id, ['removing'], 'active');
    const pause = check.reported_at === null ? undefined : PAUSES_MS[looks - 1];
    if (pause !== undefined) {
      await deps.tokenChecks.update(id, { accepted_looks: looks, rejected_at: null });
      return again('Zendesk still accepts our token; looking again.', pause);
    }
    await deps.tokenChecks.remove(id);
    if (check.reported_at === null)
      return { event, state: 'done', note: 'Zendesk accepts our token.' };
    const text =
      'Somebody reported this bot as removed, but Zendesk still accepts our token: kept.';
    return { event, state: 'done', note: text, activity: { kind: 'remove-callback', text } };
  }

  async function end(): Promise<Settlement> {
    if (check.reported_at !== null) {
      if (!(await deps.installations.setStatus(id, ['removing', 'revoked'], 'removing')))
        return await startOver();
      const text = `${name} was removed on the Zendesk side.`;
      await forget(deps, installation, text, 'removing');
      return { event, state: 'done', note: text };
    }
    const isNews = await deps.installations.setStatus(id, ['removing'], 'revoked');
    if (!isNews && (await deps.installations.find(id))?.status === 'active')
      return await startOver();
    await deps.tokenChecks.remove(id);
    const text =
      'Zendesk no longer accepts our token: the bot was removed there. Reconnect to go on.';
    if (isNews) await deps.activityLog.add(id, 'revoked', text);
    return { event, state: 'done', note: text };
  }

  /** Installed again since the first look: the token is another one, and two looks at that one decide. */
  async function startOver(): Promise<Settlement> {
    await deps.tokenChecks.update(id, { rejected_at: null });
    return again('Connected again; looking once more.', 0);
  }
}
