import type { Core } from '../../core.ts';
import { messageOf } from '../../errors.ts';
import type { EventType } from '../../inbox/event-types.ts';
import type { Settlement } from '../../inbox/settle.ts';
import { lookAtToken, type LookNeeds } from '../shared/look-at-token.ts';
import { uninstall, type UninstallNeeds } from '../../installations/uninstall/uninstall.ts';
import type { Installation, InstallationStatus, StoredEvent } from '../../store/schema.ts';
import { dropWords } from './drop-words.ts';
import type { TokenCheckTable } from './schema.ts';
import { findCheck, removeCheck, updateCheck } from './token-checks.ts';

/** Pauses before the second, third and fourth look at a token that Zendesk still accepts. */
const PAUSES_MS = [5_000, 30_000, 5 * 60_000];
/** Nothing ends by one look: a second one has to agree, so much later. */
const BETWEEN_REJECTIONS_MS = 5_000;
/** Without an answer each pause is as long as the doubt has lasted, and no longer than this. */
const LONGEST_PAUSE_MS = 60 * 60_000;

/** What an installation may be when a removal that was reported is certain: all but connected again. */
const ENDING: InstallationStatus[] = ['checking', 'revoked', 'removing'];

type CheckNeeds = LookNeeds &
  UninstallNeeds &
  Pick<Core, 'database' | 'eventTypes' | 'observe' | 'now'>;

export const CHECK_TOKEN_JOB: EventType = {
  title: 'Check whether the bot was removed',
  run: checkToken,
};

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
  const check = await findCheck(core.database.kysely, installation.id);
  if (check === undefined) return { event, state: 'done', note: 'It was decided already.' };
  return await look(core, installation, event, check);
}

async function look(
  core: CheckNeeds,
  installation: Installation,
  event: StoredEvent,
  check: TokenCheckTable,
): Promise<Settlement> {
  const { installations, now } = core;
  const { kysely } = core.database;
  const again = (note: string, pauseMs: number): Settlement => ({
    event,
    state: 'waiting',
    note,
    runAt: now() + pauseMs,
    // It takes as many looks as it takes: they use up no attempt of those that fail.
    isUncounted: true,
  });
  const { id, display_name: name } = installation;
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
  await updateCheck(kysely, id, { rejected_at: now() });
  // From here on nothing can be answered: its webhook says so until it is decided.
  await installations.setStatus(id, ['active'], 'checking');
  return again(note, BETWEEN_REJECTIONS_MS);

  async function noteAcceptance(): Promise<Settlement> {
    const looks = check.accepted_looks + 1;
    await installations.setStatus(id, ['checking'], 'active');
    const pause = check.reported_at === null ? undefined : PAUSES_MS[looks - 1];
    if (pause !== undefined) {
      await updateCheck(kysely, id, { accepted_looks: looks, rejected_at: null });
      return again('Zendesk still accepts our token; looking again.', pause);
    }
    await removeCheck(kysely, id);
    if (check.reported_at === null)
      return { event, state: 'done', note: 'Zendesk accepts our token.' };
    const text =
      'Somebody reported this bot as removed, but Zendesk still accepts our token: kept.';
    return { event, state: 'done', note: text, activity: { kind: 'remove-callback', text } };
  }

  async function end(): Promise<Settlement> {
    if (check.reported_at !== null) {
      const text = `${name} was removed on the Zendesk side.`;
      const isEnding = await installations.setStatus(id, ENDING, 'removing');
      if (!isEnding || !(await uninstall(core, installation, text, 'removing')))
        return await startOver();
      return { event, state: 'done', note: text };
    }
    const isNews = await installations.setStatus(id, ['checking'], 'revoked');
    if (!isNews && (await installations.find(id))?.status === 'active') return await startOver();
    await dropWords(core, id);
    await removeCheck(kysely, id);
    const text =
      'Zendesk no longer accepts our token: the bot was removed there. Reconnect to go on.';
    if (isNews) await core.observe.note(id, 'revoked', text);
    return { event, state: 'done', note: text };
  }

  /** Installed again since the first look: the token is another one, and two looks at that one decide. */
  async function startOver(): Promise<Settlement> {
    await updateCheck(kysely, id, { rejected_at: null });
    return again('Connected again; looking once more.', 0);
  }
}
