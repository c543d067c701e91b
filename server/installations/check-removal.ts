import { z } from 'zod';
import { messageOf } from '../errors.ts';
import type { Job } from '../inbox/create-event-handler.ts';
import type { EventStore } from '../inbox/event-store.ts';
import { pauseBeforeRetry } from '../inbox/next-attempt.ts';
import { columnText } from '../store/column-text.ts';
import { isForeignKeyViolation } from '../store/is-foreign-key-violation.ts';
import type { InstallationStore } from '../store/installations.ts';
import type { Installation } from '../store/schema.ts';
import type { ProbeToken } from './mark-if-revoked.ts';

export const CHECK_REMOVAL = 'shopkeeper:check-removal';

/** Pauses before the second, third and fourth look at a token that was still valid. */
const PAUSES_MS = [5_000, 30_000, 5 * 60_000];

/** What Zendesk posts to the remove URL ("Building a marketplace bot", Integration removed callback). */
export const RemoveCallback = z.looseObject({
  appId: columnText.min(1).max(200),
  integrationId: columnText.min(1).max(200),
});

export type ScheduleRemovalCheck = (installationId: string) => Promise<void>;

/** Puts the check into the inbox, where it survives a restart; asking again while it waits is harmless. */
export function createScheduleRemovalCheck(options: {
  events: EventStore;
  wake: () => void;
}): ScheduleRemovalCheck {
  return async (installationId) => {
    try {
      await options.events.schedule({
        installation_id: installationId,
        event_id: CHECK_REMOVAL,
        type: CHECK_REMOVAL,
        conversation_key: `${installationId}/${CHECK_REMOVAL}`,
        payload: null,
        state: 'waiting',
        note: null,
      });
    } catch (error) {
      // Removed meanwhile, by its owner for one: there is nothing left to check.
      if (isForeignKeyViolation(error)) return;
      throw error;
    }
    options.wake();
  };
}

/**
 * The remove callback is not signed, so it is only a hint: Zendesk itself is asked whether our token
 * still counts. Dead: clean up. Alive: the callback was spoofed, or late after a reinstall, or the
 * revocation has not spread yet, hence a few more looks. No answer: ask later, for as long as it takes.
 */
export function createCheckRemoval(options: {
  installations: InstallationStore;
  probeToken: ProbeToken;
  revokeConnections: (installationId: string) => Promise<void>;
  now: () => number;
}): Job {
  const { installations, now } = options;

  async function keep(installation: Installation): Promise<void> {
    await installations.setStatus(installation.id, ['removing'], 'active');
  }

  return async (installation, event) => {
    try {
      if (!(await options.probeToken(installation))) {
        const text = `${installation.display_name} was removed on the Zendesk side.`;
        await options.revokeConnections(installation.id);
        await installations.remove(installation.id, { kind: 'removed', text });
        return { event, state: 'done', note: text };
      }
    } catch (error) {
      const runAt = now() + pauseBeforeRetry(event.attempts);
      return {
        event,
        state: 'waiting',
        note: `Zendesk could not be asked: ${messageOf(error)}`,
        runAt,
      };
    }
    const pause = PAUSES_MS[event.attempts - 1];
    if (pause !== undefined) {
      const note = 'Zendesk still accepts our token; looking again.';
      return { event, state: 'waiting', note, runAt: now() + pause };
    }
    await keep(installation);
    const text =
      'Somebody reported this bot as removed, but Zendesk still accepts our token: kept.';
    return { event, state: 'done', note: text, activity: { kind: 'remove-callback', text } };
  };
}
