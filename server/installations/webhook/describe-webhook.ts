import { createHash } from 'node:crypto';
import type { Installation } from '../../store/schema.ts';
import { WEBHOOK_LIMIT } from '../../zendesk/webhooks.ts';
import type { Webhook } from '../../zendesk/webhooks.ts';
import { explainReconcileFailure } from './explain-reconcile-failure.ts';
import type { Zendesk } from '../../zendesk/client.ts';
import { webhookTarget } from './reconcile-webhook.ts';

/** How long an answer is believed: the calls of an account are its customer's, who pays for them. */
const BELIEVED_MS = 10_000;

export type DescribeWebhook = ReturnType<typeof createDescribeWebhook>;
type Description = Awaited<ReturnType<ReturnType<typeof createAsk>>>;

interface Answer {
  askedAt: number;
  /** Of the installation. It moves with whatever an instance does to the webhook. */
  updatedAt: number;
  description: Promise<Description>;
}

/**
 * What the status page says about the webhook, as Zendesk had it in the last seconds. `look` is `again`
 * after a form, and `never` where nobody would see what came of it.
 */
export function createDescribeWebhook(options: {
  publicUrl: string;
  zendesk: Pick<Zendesk, 'clientFor'>;
  now: () => number;
}) {
  const ask = createAsk(options);
  const answers = new Map<string, Answer>();

  function forgetOld(): void {
    const oldest = options.now() - BELIEVED_MS;
    for (const [id, { askedAt }] of answers) if (askedAt <= oldest) answers.delete(id);
  }

  return async (
    installation: Installation,
    look: 'again' | 'if-old' | 'never',
  ): Promise<Description> => {
    forgetOld();
    const { id, updated_at: updatedAt } = installation;
    const known = answers.get(id);
    const isBelieved = known?.updatedAt === updatedAt && look !== 'again';
    if (known && (isBelieved || look === 'never')) return await known.description;
    if (look === 'never') return { state: 'unknown', explanation: null, ...NOTHING };
    const description = ask(installation);
    answers.delete(id);
    answers.set(id, { askedAt: options.now(), updatedAt, description });
    return await description;
  };
}

const NOTHING = { limit: WEBHOOK_LIMIT, list: [] };

function createAsk(options: { publicUrl: string; zendesk: Pick<Zendesk, 'clientFor'> }) {
  return async (installation: Installation) => {
    const target = webhookTarget(options.publicUrl, installation.id);
    try {
      const { webhooks } = await options.zendesk.clientFor(installation);
      const list = await webhooks.list();
      return {
        ...judge(list, target),
        limit: WEBHOOK_LIMIT,
        list: list.map((webhook) => present(webhook, target)),
      };
    } catch (error) {
      const explanation = explainReconcileFailure(error) ?? 'Reload this page in a moment.';
      return { state: 'unknown', explanation, ...NOTHING };
    }
  };
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
