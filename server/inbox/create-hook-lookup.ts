import type { Log } from '../log.ts';
import type { InstallationStore } from '../store/tables/installations.ts';
import type { Signals } from '../store/engines/signals.ts';
import {
  installationOwner,
  PREVIOUS_WEBHOOK_SECRET,
  WEBHOOK_SECRET,
  type SecretStore,
} from '../store/secrets/secrets.ts';

/** In case we did not hear that an installation changed; a changed secret shows by itself. */
const BELIEVED_MS = 60_000;
/** A wrong key makes us ask Zendesk, so nobody may make us do it often … */
const REREAD_EVERY_MS = 60_000;
/** … but an answer that failed to come is missed by deliveries that may be right. */
const REREAD_AFTER_FAILURE_MS = 5_000;
/** More installations than that are hardly met with a wrong key in one minute. */
const REREADS_REMEMBERED = 1_000;

export type Hook =
  | { state: 'unknown' }
  /** Known, but it cannot be told yet who may deliver. Zendesk tries again. */
  | { state: 'not-ready' }
  | {
      state: 'ready';
      secrets: string[];
      /** When a customer of the installation was deleted last. */
      lastRemovalAt: number | null;
    };

export type HookLookup = ReturnType<typeof createHookLookup>;

/** Finds what the receiver needs to know about an installation, without asking the database each time. */
export function createHookLookup(options: {
  installations: InstallationStore;
  secrets: SecretStore;
  /** Asks Zendesk for the webhook's secret and stores it; changes nothing there. */
  rereadSecret: (installationId: string) => Promise<void>;
  signals: Signals;
  now: () => number;
  log: Log;
}) {
  const { installations, secrets, now } = options;
  const cache = new Map<string, { hook: Hook; until: number }>();
  /** Of each installation the latest, until it may be asked about again. */
  const rereads = new Map<string, { until: number; succeeded: Promise<boolean> }>();

  let changes = 0;
  options.signals.subscribe('installations', (id) => {
    changes += 1;
    cache.delete(id);
  });

  async function load(id: string): Promise<Hook> {
    const installation = await installations.find(id);
    if (installation === undefined) return { state: 'unknown' };
    if (installation.status !== 'active') return { state: 'not-ready' };
    const owner = installationOwner(id);
    const stored = await secrets.getAll(owner);
    const current = [stored[WEBHOOK_SECRET], stored[PREVIOUS_WEBHOOK_SECRET]];
    const found = current.filter((secret) => secret !== undefined);
    if (found.length > 0) {
      return { state: 'ready', secrets: found, lastRemovalAt: installation.last_removal_at };
    }
    // Throws, and so says why, when there is one that cannot be decrypted.
    await secrets.get(owner, WEBHOOK_SECRET);
    return { state: 'not-ready' };
  }

  /** Whether Zendesk has told us the secret just now, or did so a moment ago. */
  async function reread(id: string): Promise<boolean> {
    const last = rereads.get(id);
    if (last !== undefined && last.until > now()) return await last.succeeded;
    if (rereads.size >= REREADS_REMEMBERED) {
      for (const [old, { until }] of rereads) if (until <= now()) rereads.delete(old);
    }
    const entry = { until: now() + REREAD_EVERY_MS, succeeded: tryToReread(id) };
    rereads.set(id, entry);
    const succeeded = await entry.succeeded;
    if (!succeeded) entry.until = now() + REREAD_AFTER_FAILURE_MS;
    return succeeded;
  }

  async function tryToReread(id: string): Promise<boolean> {
    try {
      await options.rereadSecret(id);
      return true;
    } catch (error) {
      const details = { error, installationId: id };
      options.log.warn(details, 'Zendesk could not be asked for the secret of the webhook.');
      return false;
    }
  }

  return {
    async find(id: string): Promise<Hook> {
      const cached = cache.get(id);
      if (cached !== undefined && cached.until > now()) return cached.hook;
      const before = changes;
      const hook = await load(id);
      // What changed while we read must not be remembered as it was.
      const isFresh = hook.state === 'ready' && changes === before;
      if (isFresh) cache.set(id, { hook, until: now() + BELIEVED_MS });
      return hook;
    },

    /**
     * After a wrong key: somebody may have changed the secret. Looks in our own store first, then asks
     * Zendesk, at most once a minute. `not-ready` when Zendesk could not be asked.
     */
    async findAfterMismatch(id: string, matches: (hook: Hook) => boolean): Promise<Hook> {
      cache.delete(id);
      const stored = await this.find(id);
      if (stored.state !== 'ready' || matches(stored)) return stored;
      if (!(await reread(id))) return { state: 'not-ready' };
      cache.delete(id);
      return await this.find(id);
    },
  };
}
