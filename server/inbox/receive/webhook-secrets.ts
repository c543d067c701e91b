import type { Core } from '../../core.ts';
import { isSameSecret } from '../../secrets.ts';
import type { Installation } from '../../store/schema.ts';
import {
  installationOwner,
  PREVIOUS_WEBHOOK_SECRET,
  WEBHOOK_SECRET,
} from '../../store/secrets/secrets.ts';
import { CONNECTED } from '../../store/tables/installations.ts';

/** In case we did not hear that an installation changed; a changed secret shows by itself. */
const BELIEVED_MS = 60_000;

interface Webhook {
  /** As it was when we looked, a minute ago at most. */
  installation: Installation;
  /** None: it is registered just now, or whoever did so died before it was stored. */
  secrets: string[];
}

/** `unknown`: there is no such webhook. `not-ready`: it cannot be told yet who may deliver; Zendesk tries again. */
export type KeyProblem = 'unknown' | 'not-ready' | 'wrong-key';

/** What the receiver needs to know of an installation, without asking the database each time. */
export function createKeyCheck(
  deps: Pick<Core, 'database' | 'installations' | 'secrets' | 'parts' | 'now'>,
) {
  const { installations, secrets, now } = deps;
  const cache = new Map<string, { webhook: Webhook; until: number }>();
  let changes = 0;
  deps.database.signals.subscribe('installations', (id) => {
    changes += 1;
    cache.delete(id);
  });

  async function load(id: string): Promise<Webhook | KeyProblem> {
    const installation = await installations.find(id);
    // Zendesk takes "unknown" for final and does not try again, so it has to be certain.
    if (installation === undefined)
      return (await installations.isUnknown(id)) ? 'unknown' : 'not-ready';
    if (!CONNECTED.includes(installation.status)) return 'not-ready';
    const owner = installationOwner(id);
    const stored = await secrets.getAll(owner);
    const current = [stored[WEBHOOK_SECRET], stored[PREVIOUS_WEBHOOK_SECRET]];
    const found = current.filter((secret) => secret !== undefined);
    // Throws, and so says why, when there is one that cannot be decrypted.
    if (found.length === 0) await secrets.get(owner, WEBHOOK_SECRET);
    return { installation, secrets: found };
  }

  async function find(id: string): Promise<Webhook | KeyProblem> {
    const cached = cache.get(id);
    if (cached !== undefined && cached.until > now()) return cached.webhook;
    const before = changes;
    const webhook = await load(id);
    // What changed while we read must not be remembered as it was.
    if (isReady(webhook) && isActive(webhook) && changes === before)
      cache.set(id, { webhook, until: now() + BELIEVED_MS });
    return webhook;
  }

  function findAnew(id: string): Promise<Webhook | KeyProblem> {
    cache.delete(id);
    return find(id);
  }

  /**
   * Returns whose webhook it is, if that is the key. Else somebody may have changed the secret: looks in our own
   * store first, then has the features look; `not-ready` when one of them cannot tell, or nobody knows any.
   */
  return async function checkKey(id: string, key: unknown): Promise<Installation | KeyProblem> {
    const isWrong = (webhook: Webhook | KeyProblem): webhook is Webhook =>
      isReady(webhook) && !isOneOf(key, webhook.secrets);
    let webhook = await find(id);
    if (isWrong(webhook)) webhook = await findAnew(id);
    if (isWrong(webhook)) {
      // Its token is being checked: nothing can be answered until that is decided.
      if (!isActive(webhook)) return 'not-ready';
      for (const { refreshSecret } of deps.parts)
        if ((await refreshSecret?.(id)) === false) return 'not-ready';
      webhook = await findAnew(id);
    }
    if (isWrong(webhook)) return webhook.secrets.length > 0 ? 'wrong-key' : 'not-ready';
    return isReady(webhook) ? webhook.installation : webhook;
  };
}

const isReady = (webhook: Webhook | KeyProblem): webhook is Webhook => typeof webhook !== 'string';

const isActive = ({ installation }: Webhook): boolean => installation.status === 'active';

/** Every secret is compared, so that time tells nothing but the length, which is always the same. */
const isOneOf = (key: unknown, secrets: readonly string[]): boolean =>
  typeof key === 'string' && secrets.filter((secret) => isSameSecret(key, secret)).length > 0;
