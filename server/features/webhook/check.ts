import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Core } from '../../core.ts';
import { SETTINGS_PATH } from '../../installations/status/page.ts';
import { reconcileWebhook, type ReconcileOutcome } from '../../installations/webhook/reconcile.ts';
import type { Installation } from '../../store/schema.ts';
import type { Flash } from '../../web/sessions.ts';
import { runAction } from '../shared/run-action.ts';

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
  gone: { kind: 'problem', text: 'The account was disconnected meanwhile.' },
};

/** The button that checks the webhook, and the ones that replace another by ours. */
export async function checkWebhook(core: Core, request: Request, response: Response) {
  async function check({ id }: Installation): Promise<Flash> {
    const { replace } = WebhookForm.parse(request.body ?? {});
    return WEBHOOK_FLASH[await reconcileWebhook(core, id, { replace })];
  }
  const hrefAfter = ({ id }: Installation) => `/installations/${id}${SETTINGS_PATH}`;
  await runAction(core, request, response, check, hrefAfter);
}
