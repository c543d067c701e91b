import { createHash } from 'node:crypto';
import type { Core } from '../../core.ts';
import { AppError } from '../../errors.ts';
import { conversationLane } from '../../inbox/lanes.ts';
import { findLaneOfEvent, ownEvent } from '../shared/own-events.ts';
import { isRetryable, RemoteError } from '../../remote-error.ts';
import type { WakeData } from '../../runtime/types.ts';
import { LockUnavailableError } from '../../store/tables/locks.ts';
import { isColumnText } from '../../text.ts';
import { findPlace, type Addressee } from './find-place.ts';
import { writeData } from './wake-tools.ts';
import { WAKE } from './wakes.ts';

declare module '../../runtime/types.ts' {
  /**
   * Wakes the bot in a conversation, now: `onWake` gets `data`, as often as it takes and, whatever happens,
   * once for each `key` of an account. It is stored when the promise is fulfilled; the answer to the same key is
   * the same for 90 days, whatever else is asked then. An `externalId` leads to the conversation that
   * the customer used last, or to a new one.
   * @throws AppError with a code, a status and what to do: nothing was stored.
   */
  export type Speak = (
    installation: { id: string },
    to: { conversationId: string } | { externalId: string },
    what: { key: string; data: WakeData },
  ) => Promise<Spoken>;

  export interface Spoken {
    /** Undefined once the customer was deleted. */
    conversationId: string | undefined;
  }
}

const TRY_AGAIN = 'Try again in a moment, with the same key.';

type SpeakDeps = Pick<
  Core,
  | 'bot'
  | 'installations'
  | 'zendesk'
  | 'conversations'
  | 'parts'
  | 'locks'
  | 'events'
  | 'database'
  | 'wake'
>;

/** See Speak. */
export async function speak(
  core: SpeakDeps,
  { id }: { id: string },
  to: Addressee,
  what: { key: string; data: WakeData },
): Promise<{ conversationId: string | undefined }> {
  if (core.bot.onWake === undefined)
    throw new Error('bot.ts names no onWake, which is what speak() wakes.');
  if (what.key === '') throw new RangeError('speak() needs a key, by which it happens once.');
  if (!isColumnText(id)) throw notActive();
  // Without the key itself, which may name somebody: the id of an event outlives what it says.
  const eventId = `shopkeeper:speak:${createHash('sha256').update(what.key).digest('hex')}`;
  const find = () => findLaneOfEvent(core.database.kysely, id, eventId);
  const before = await find();
  if (before !== undefined) return { conversationId: readConversation(before, id, eventId) };
  const installation = await core.installations.find(id);
  if (installation?.status === 'checking') throw beingChecked();
  if (installation?.status !== 'active') throw notActive();
  const data: unknown = JSON.parse(writeData(what.data));
  const place = await findPlace(core, installation, to).catch((error: unknown) => {
    throw explain(error);
  });
  const { conversationId, customer } = place;
  const conversation = { id: conversationId };
  const event = ownEvent(id, { id: eventId, type: WAKE, conversation, user: customer, data });
  await core.events.insert([event]);
  core.wake();
  // Somebody may have said it in the same moment, and elsewhere.
  const stored = await find();
  return {
    conversationId: stored === undefined ? conversationId : readConversation(stored, id, eventId),
  };
}

/** Of a customer who was deleted nothing leads to the conversation. */
function readConversation(lane: string, installationId: string, eventId: string) {
  return lane === conversationLane(installationId, eventId)
    ? undefined
    : lane.slice(conversationLane(installationId, '').length);
}

function notActive(): AppError {
  const text = 'This account does not have the bot installed.';
  const hint = 'Ask its administrator to install it.';
  return new AppError('installation_not_active', text, hint, { status: 409 });
}

/** Which takes some seconds, unless Zendesk does not answer. */
function beingChecked(): AppError {
  const text = 'Whether this account still has the bot installed is being checked.';
  return new AppError('zendesk_unavailable', text, TRY_AGAIN, { status: 503 });
}

/** For whoever called the route: whether to try again. */
function explain(error: unknown): unknown {
  if (error instanceof LockUnavailableError || isRetryable(error)) {
    const text = 'Zendesk could not be asked who that is.';
    return new AppError('zendesk_unavailable', text, TRY_AGAIN, { status: 503, cause: error });
  }
  if (!(error instanceof RemoteError)) return error;
  const text = `Zendesk refused ${error.operation}.`;
  const hint = 'The log says why; the account’s page shows whether its access still works.';
  return new AppError('zendesk_refused', text, hint, { status: 502, cause: error });
}
