import { createHash } from 'node:crypto';
import type { Core } from '../../core.ts';
import type { Installation } from '../../store/schema.ts';
import { WEBHOOK_LIMIT, type Webhook } from '../../zendesk/webhooks.ts';
import { explainToOwner, webhookTarget } from '../../installations/webhook/reconcile.ts';

/** How long an answer is believed: the calls of an account are its customer's, who pays for them. */
const BELIEVED_MS = 10_000;
const RELOAD = 'Reload this page in a moment.';
const NOTHING = { limit: WEBHOOK_LIMIT, list: [] };

type Needs = Pick<Core, 'config' | 'zendesk' | 'log' | 'now'>;
export type Description = Awaited<ReturnType<typeof ask>>;

/** What the account's pages say about the webhook, as Zendesk had it in the last seconds. */
export function createDescribeWebhook(core: Needs) {
  /** `version` is the installation's: it moves with whatever an instance does to the webhook. */
  const known = new Map<
    string,
    { askedAt: number; version: number; description: Promise<Description> }
  >();

  /** `look` is `again` after a form, and `never` where nobody would see what came of it. */
  return async function describeWebhook(
    installation: Installation,
    look: 'again' | 'if-old' | 'never',
  ): Promise<Description> {
    const { id, updated_at: version } = installation;
    const oldest = core.now() - BELIEVED_MS;
    for (const [one, { askedAt }] of known) if (askedAt <= oldest) known.delete(one);
    const last = known.get(id);
    const isBelieved = last?.version === version && look !== 'again';
    if (last !== undefined && (isBelieved || look === 'never')) return await last.description;
    if (look === 'never') return { state: 'unknown', explanation: null, ...NOTHING };
    const description = ask(core, installation);
    known.set(id, { askedAt: core.now(), version, description });
    return await description;
  };
}

async function ask(core: Needs, installation: Installation) {
  const target = webhookTarget(core.config.publicUrl, installation.id);
  try {
    const { webhooks } = await core.zendesk.clientFor(installation);
    const list = await webhooks.list();
    return {
      ...judge(list, target),
      limit: WEBHOOK_LIMIT,
      list: list.map((webhook) => present(webhook, target)),
    };
  } catch (error) {
    const explanation = explainToOwner(error);
    const details = { error, installationId: installation.id };
    if (explanation === undefined) core.log.error(details, 'A webhook could not be described.');
    return { state: 'unknown', explanation: explanation ?? RELOAD, ...NOTHING };
  }
}

function judge(list: readonly Webhook[], target: string) {
  if (list.some((webhook) => webhook.target === target))
    return { state: 'registered', explanation: null };
  if (list.length >= WEBHOOK_LIMIT) return { state: 'limit', explanation: null };
  return { state: 'missing', explanation: 'Check it again to register it.' };
}

/** The fingerprint lets an owner compare secrets without ever seeing one. */
function present({ id, target, triggers, secret }: Webhook, ours: string) {
  const digest = secret === undefined ? null : createHash('sha256').update(secret).digest('hex');
  return {
    id,
    target,
    triggers,
    ours: target === ours,
    secretFingerprint: digest?.slice(0, 12) ?? null,
  };
}
