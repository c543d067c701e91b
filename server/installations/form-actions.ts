import type { Request, RequestHandler } from 'express';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import type { EventStore } from '../inbox/event-store.ts';
import { paths } from '../inspector/paths.ts';
import type { Log } from '../log.ts';
import type { Installation } from '../store/schema.ts';
import { flash, type Flash } from '../web/sessions.ts';
import { ZendeskError } from '../zendesk/zendesk-error.ts';
import type { Disconnect } from './disconnect.ts';
import { explainReconcileFailure } from './explain-reconcile-failure.ts';
import type { FindOwned } from './find-owned.ts';
import type { ReconcileOutcome, ReconcileWebhook } from './reconcile-webhook.ts';

/** Left empty or sent twice, nothing was picked. */
const WebhookForm = z.looseObject({ replace: z.string().min(1).optional().catch(undefined) });

const WEBHOOK_FLASH: Record<ReconcileOutcome, Flash> = {
  kept: { kind: 'ok', text: 'The webhook is registered and points here.' },
  patched: { kind: 'ok', text: 'The webhook was updated and points here now.' },
  created: { kind: 'ok', text: 'The webhook is registered.' },
  replaced: { kind: 'ok', text: 'The webhook you picked was replaced by ours.' },
  'limit-reached': {
    kind: 'problem',
    text: 'All webhooks are taken. Pick the one to replace below.',
  },
};

const ReplayForm = z.looseObject({ back: z.literal('event').optional().catch(undefined) });

const pathOfStatus = ({ id }: Installation) => `/installations/${id}`;

/** An event is replayed from the status page, or from its own. */
function pathAfterReplay(installation: Installation, request: Request): string {
  const { back } = ReplayForm.parse(request.body ?? {});
  const eventId = String(request.params['eventId']);
  return back === 'event' ? paths.one(installation.id, eventId) : pathOfStatus(installation);
}

/** The buttons of the status page. Each says on the next page what came of it. */
export function createFormActions(options: {
  findOwned: FindOwned;
  reconcileWebhook: ReconcileWebhook;
  sendTestMessage: (installation: Installation) => Promise<void>;
  disconnect: Disconnect;
  events: EventStore;
  wakeWorker: () => void;
  log: Log;
}) {
  const { findOwned, log } = options;

  /** Runs an action on an active installation and goes back to a page of it with the outcome. */
  function action(
    run: (installation: Installation, request: Request) => Promise<Flash>,
    pathAfter: (installation: Installation, request: Request) => string = pathOfStatus,
  ): RequestHandler {
    return async (request, response) => {
      const installation = await findOwned(request);
      if (installation.status !== 'active') {
        const hint = 'Connect the account again first.';
        throw new AppError(
          'installation_not_active',
          'This account is not connected right now.',
          hint,
        );
      }
      const { kind, text } = await run(installation, request).catch((error: unknown) => {
        if (!(error instanceof ZendeskError)) throw error;
        const { requestId } = response.locals;
        log.warn(
          { error, requestId, installationId: installation.id },
          'An action on the status page failed.',
        );
        return { kind: 'problem' as const, text: explainReconcileFailure(error) ?? error.message };
      });
      flash(request, kind, text);
      response.redirect(303, pathAfter(installation, request));
    };
  }

  return {
    checkWebhook: action(async (installation, request) => {
      const { replace } = WebhookForm.parse(request.body ?? {});
      return WEBHOOK_FLASH[await options.reconcileWebhook(installation.id, { replace })];
    }),

    sendTestMessage: action(async (installation) => {
      await options.sendTestMessage(installation);
      return { kind: 'ok', text: 'The test message was sent.' };
    }),

    replayEvent: action(async (installation, request) => {
      const replayed = await options.events.replay(
        installation.id,
        String(request.params['eventId']),
      );
      if (!replayed) {
        const hint = 'Reload the status page: it may have been replayed already.';
        throw new AppError('event_not_failed', 'Only an event that failed can be replayed.', hint);
      }
      options.wakeWorker();
      return { kind: 'ok', text: 'The event runs again now.' };
    }, pathAfterReplay),

    replayFailed: action(
      async ({ id }) => {
        const count = await options.events.replayAllFailed(id);
        options.wakeWorker();
        const events = count === 1 ? '1 event runs' : `${count} events run`;
        return { kind: 'ok', text: count === 0 ? 'No event has failed.' : `${events} again now.` };
      },
      ({ id }) => paths.list(id),
    ),

    disconnect: (async (request, response) => {
      const installation = await findOwned(request);
      await options.disconnect(installation);
      delete request.session.lastAuthorized;
      flash(
        request,
        'ok',
        `${installation.display_name} is disconnected. Everything stored of it was deleted.`,
      );
      response.redirect(303, '/');
    }) satisfies RequestHandler,
  };
}
