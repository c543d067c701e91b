import type { Core } from '../../core.ts';
import { messageOf } from '../../errors.ts';
import type { EventType } from '../../inbox/event-types.ts';
import { jobLane } from '../../inbox/lanes.ts';
import type { Settlement } from '../../inbox/settle.ts';
import { dropWords } from '../../inbox/retention.ts';
import { isTokenRejected } from '../../remote-error.ts';
import { isForeignKeyViolation } from '../../store/engines/database.ts';
import type { Installation, StoredEvent } from '../../store/schema.ts';
import { ACCESS_TOKEN, installationOwner } from '../../store/secrets/secrets.ts';
import { checkSubdomain } from '../../zendesk/urls.ts';
import { uninstall, type UninstallNeeds } from './uninstall.ts';

/** The job of the inbox, where it survives a restart; begins as the ids of jobs do (inbox/lanes.ts). */
export const CHECK_TOKEN = 'shopkeeper:check-token';

/** Pauses before the second, third and fourth look at a token that Zendesk still accepts. */
const PAUSES_MS = [5_000, 30_000, 5 * 60_000];
/** Nothing ends by one look: a second one has to agree, so much later. */
const BETWEEN_REJECTIONS_MS = 5_000;
/** Without an answer each pause is as long as the doubt has lasted, and no longer than this. */
const LONGEST_PAUSE_MS = 60 * 60_000;

type ScheduleNeeds = Pick<Core, 'wake'> & { events: Pick<Core['events'], 'schedule'> };
type DoubtNeeds = ScheduleNeeds & Pick<Core, 'tokenChecks' | 'now'>;
type LookNeeds = Pick<Core, 'installations' | 'secrets' | 'observe'> & {
  zendesk: Pick<Core['zendesk'], 'getTokenInfo'>;
};
type CheckNeeds = LookNeeds &
  UninstallNeeds &
  Pick<Core, 'tokenChecks' | 'database' | 'eventTypes' | 'observe' | 'now'>;

export const CHECK_TOKEN_JOB: EventType = {
  title: 'Check whether the bot was removed',
  run: checkToken,
};

/** Begins a check, and is harmless while one is under way. `isReported`: Zendesk may have said it is over. */
export async function doubtToken(
  core: DoubtNeeds,
  installationId: string,
  { isReported }: { isReported: boolean },
): Promise<void> {
  try {
    await core.tokenChecks.begin(installationId, isReported ? core.now() : null);
    await scheduleCheck(core, installationId);
  } catch (error) {
    // Removed meanwhile, by its owner for one: there is nothing left to check.
    if (!isForeignKeyViolation(error)) throw error;
  }
}

/** Puts the job into the inbox, or wakes the one that is there. */
export async function scheduleCheck(
  { events, wake }: ScheduleNeeds,
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
  core: CheckNeeds,
  installation: Installation,
  event: StoredEvent,
): Promise<Settlement> {
  const { installations, tokenChecks, now } = core;
  const again = (note: string, pauseMs: number): Settlement => ({
    event,
    state: 'waiting',
    note,
    runAt: now() + pauseMs,
  });
  const { id, display_name: name } = installation;
  // Without one it goes on with a removal that its owner had begun.
  const check = (await tokenChecks.find(id)) ?? (await tokenChecks.begin(id, now()));
  let isAccepted;
  try {
    isAccepted = await lookAtToken(core, installation);
  } catch (error) {
    const inDoubtMs = now() - (check.rejected_at ?? event.received_at);
    const pause = Math.min(Math.max(inDoubtMs, BETWEEN_REJECTIONS_MS), LONGEST_PAUSE_MS);
    return again(`Zendesk could not be asked: ${messageOf(error)}`, pause);
  }
  if (isAccepted) return await noteAcceptance();
  const since = check.rejected_at === null ? -1 : now() - check.rejected_at;
  if (since >= BETWEEN_REJECTIONS_MS) return await end();
  const note = 'Zendesk no longer accepts our token; looking once more.';
  if (since >= 0) return again(note, BETWEEN_REJECTIONS_MS - since);
  await tokenChecks.update(id, { rejected_at: now() });
  // From here on nothing can be answered: its webhook says so until it is decided.
  await installations.setStatus(id, ['active'], 'removing');
  return again(note, BETWEEN_REJECTIONS_MS);

  async function noteAcceptance(): Promise<Settlement> {
    const looks = check.accepted_looks + 1;
    await installations.setStatus(id, ['removing'], 'active');
    const pause = check.reported_at === null ? undefined : PAUSES_MS[looks - 1];
    if (pause !== undefined) {
      await tokenChecks.update(id, { accepted_looks: looks, rejected_at: null });
      return again('Zendesk still accepts our token; looking again.', pause);
    }
    await tokenChecks.remove(id);
    if (check.reported_at === null)
      return { event, state: 'done', note: 'Zendesk accepts our token.' };
    const text =
      'Somebody reported this bot as removed, but Zendesk still accepts our token: kept.';
    return { event, state: 'done', note: text, activity: { kind: 'remove-callback', text } };
  }

  async function end(): Promise<Settlement> {
    if (check.reported_at !== null) {
      if (!(await installations.setStatus(id, ['removing', 'revoked'], 'removing')))
        return await startOver();
      const text = `${name} was removed on the Zendesk side.`;
      await uninstall(core, installation, text, 'removing');
      return { event, state: 'done', note: text };
    }
    const isNews = await installations.setStatus(id, ['removing'], 'revoked');
    if (!isNews && (await installations.find(id))?.status === 'active') return await startOver();
    await dropWords(core, id);
    await tokenChecks.remove(id);
    const text =
      'Zendesk no longer accepts our token: the bot was removed there. Reconnect to go on.';
    if (isNews) await core.observe.note(id, 'revoked', text);
    return { event, state: 'done', note: text };
  }

  /** Installed again since the first look: the token is another one, and two looks at that one decide. */
  async function startOver(): Promise<Settlement> {
    await tokenChecks.update(id, { rejected_at: null });
    return again('Connected again; looking once more.', 0);
  }
}

/**
 * Asks Zendesk's bridge about an installation's token. Returns whether Zendesk accepts it; if the account
 * has another subdomain by now, that is stored: "renaming your subdomain takes effect immediately", without
 * a redirect (Zendesk help, "Renaming your subdomain").
 * @throws RemoteError without a clear answer.
 */
export async function lookAtToken(
  { installations, secrets, observe, zendesk }: LookNeeds,
  { id, subdomain }: Installation,
): Promise<boolean> {
  const token = await secrets.get(installationOwner(id), ACCESS_TOKEN);
  if (token === undefined) return false;
  let account;
  try {
    account = await zendesk.getTokenInfo(token);
  } catch (error) {
    if (isTokenRejected(error)) return false;
    throw error;
  }
  if (account.subdomain && account.subdomain !== subdomain) {
    const renamed = checkSubdomain(account.subdomain);
    await installations.update(id, { subdomain: renamed });
    const text = `Zendesk has this account at ${renamed} now; before it was at ${subdomain ?? 'no subdomain'}.`;
    await observe.note(id, 'account', text);
  }
  return true;
}
