import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Core } from '../../core.ts';
import type { Installation } from '../../store/schema.ts';
import type { Flash } from '../../web/sessions.ts';
import { runAction } from '../owned.ts';
import { SETTINGS_PATH } from './tabs.ts';
import { reconcileWebhook, type ReconcileOutcome } from '../webhook/reconcile.ts';

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

/** The button that checks the webhook, and the ones that replace another by ours. */
export async function checkWebhook(core: Core, request: Request, response: Response) {
  async function check({ id }: Installation): Promise<Flash> {
    const { replace } = WebhookForm.parse(request.body ?? {});
    return WEBHOOK_FLASH[await reconcileWebhook(core, id, { replace })];
  }
  await runAction(core, request, response, check, setupPath);
}

/** The button that sends a test message. */
export async function sendTestMessage(core: Core, request: Request, response: Response) {
  async function send(installation: Installation): Promise<Flash> {
    const { id: installationId } = installation;
    const subject = { installationId, kind: 'form', title: 'A test message was sent' } as const;
    await core.observe.work(subject, () => postTestMessage(core, installation));
    return { kind: 'ok', text: 'The test message was sent.' };
  }
  await runAction(core, request, response, send, setupPath);
}

const setupPath = ({ id }: Installation): string => `/installations/${id}${SETTINGS_PATH}`;

/** As business, to a user of our own: never into a customer's conversation. */
async function postTestMessage({ zendesk }: Core, installation: Installation): Promise<void> {
  const { conversations } = await zendesk.clientFor(installation);
  const externalId = `shopkeeper-sample-${installation.id}`;
  await conversations.ensureUser(externalId);
  const existing = await conversations.listOfUser(externalId);
  const conversation =
    existing.find(({ type }) => type === 'personal') ??
    (await conversations.createPersonal(externalId));
  const text = 'Hello from your new bot. If you can read this, sending works.';
  await conversations.postMessage(conversation.id, { content: { type: 'text', text } });
}
