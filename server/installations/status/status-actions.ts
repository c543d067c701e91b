import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { Core } from '../../core.ts';
import type { Installation } from '../../store/schema.ts';
import { ensureOwnerId, flash, type Flash } from '../../web/sessions.ts';
import type { FindOwned } from '../find-owned.ts';
import { createFormAction } from '../form-action.ts';
import type { ReconcileOutcome, ReconcileWebhook } from '../webhook/reconcile-webhook.ts';

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

/** The buttons of the status page. Each says on the next page what came of it. */
export function createStatusActions(options: {
  findOwned: FindOwned;
  reconcileWebhook: ReconcileWebhook;
  sendTestMessage: (installation: Installation) => Promise<void>;
  disconnect: (installation: Installation, ownerId: string) => Promise<void>;
  core: Core;
}) {
  const { findOwned } = options;
  const action = createFormAction(options.core);

  return {
    checkWebhook: action(async (installation, request) => {
      const { replace } = WebhookForm.parse(request.body ?? {});
      return WEBHOOK_FLASH[await options.reconcileWebhook(installation.id, { replace })];
    }),

    sendTestMessage: action(async (installation) => {
      await options.sendTestMessage(installation);
      return { kind: 'ok', text: 'The test message was sent.' };
    }),

    disconnect: (async (request, response) => {
      const installation = await findOwned(request);
      // Offered by the page of a failure: it works without Zendesk.
      const href = `/installations/${installation.id}/delete`;
      response.locals['wayOut'] = { href, text: 'Delete this account’s data here' };
      await options.disconnect(installation, ensureOwnerId(request));
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
