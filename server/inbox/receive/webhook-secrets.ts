import type { Core } from '../../core.ts';
import type { Installation } from '../../store/schema.ts';
import {
  installationOwner,
  PREVIOUS_WEBHOOK_SECRET,
  WEBHOOK_SECRET,
} from '../../store/secrets/secrets.ts';
import { CONNECTED } from '../../store/tables/installations.ts';

/** In case we did not hear that an installation changed; a changed secret shows by itself. */
const BELIEVED_MS = 60_000;

export type Webhook =
  | { state: 'unknown' }
  /** Known, but it cannot be told yet who may deliver. Zendesk tries again. */
  | { state: 'not-ready' }
  | KnownWebhook;

export interface KnownWebhook {
  state: 'ready';
  /** None: it is registered just now, or whoever did so died before it was stored. */
  secrets: string[];
  /** As it was when we looked, a minute ago at most. */
  installation: Installation;
}

/** Else its token is being checked: nothing can be answered until that is decided. */
export const isActive = (webhook: Webhook): boolean =>
  webhook.state === 'ready' && webhook.installation.status === 'active';

export type WebhookSecrets = ReturnType<typeof createWebhookSecrets>;

/** What the receiver needs to know of an installation, without asking the database each time. */
export function createWebhookSecrets(
  deps: Pick<Core, 'installations' | 'secrets' | 'parts' | 'now'> & {
    database: Pick<Core['database'], 'signals'>;
  },
) {
  const { installations, secrets, now } = deps;
  const cache = new Map<string, { webhook: Webhook; until: number }>();
  let changes = 0;
  deps.database.signals.subscribe('installations', (id) => {
    changes += 1;
    cache.delete(id);
  });

  async function load(id: string): Promise<Webhook> {
    const installation = await installations.find(id);
    if (installation === undefined) {
      // Zendesk takes "unknown" for final and does not try again, so it has to be certain.
      return { state: (await installations.isUnknown(id)) ? 'unknown' : 'not-ready' };
    }
    if (!CONNECTED.includes(installation.status)) return { state: 'not-ready' };
    const owner = installationOwner(id);
    const stored = await secrets.getAll(owner);
    const current = [stored[WEBHOOK_SECRET], stored[PREVIOUS_WEBHOOK_SECRET]];
    const found = current.filter((secret) => secret !== undefined);
    // Throws, and so says why, when there is one that cannot be decrypted.
    if (found.length === 0) await secrets.get(owner, WEBHOOK_SECRET);
    return { state: 'ready', secrets: found, installation };
  }

  async function find(id: string): Promise<Webhook> {
    const cached = cache.get(id);
    if (cached !== undefined && cached.until > now()) return cached.webhook;
    const before = changes;
    const webhook = await load(id);
    // What changed while we read must not be remembered as it was.
    const isFresh = isActive(webhook) && changes === before;
    if (isFresh) cache.set(id, { webhook, until: now() + BELIEVED_MS });
    return webhook;
  }

  return {
    find,

    /**
     * After a wrong key: somebody may have changed the secret. Looks in our own store first, then has the
     * features look; `not-ready` when one of them cannot tell, or nobody knows any.
     */
    async findAfterMismatch(id: string, matches: (webhook: Webhook) => boolean): Promise<Webhook> {
      cache.delete(id);
      const stored = await find(id);
      if (stored.state !== 'ready' || matches(stored)) return stored;
      if (!isActive(stored)) return { state: 'not-ready' };
      for (const { refreshSecret } of deps.parts)
        if ((await refreshSecret?.(id)) === false) return { state: 'not-ready' };
      cache.delete(id);
      const learned = await find(id);
      const isKnown = learned.state !== 'ready' || learned.secrets.length > 0;
      return isKnown ? learned : { state: 'not-ready' };
    },
  };
}
