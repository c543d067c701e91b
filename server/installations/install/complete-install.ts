import { randomBytes } from 'node:crypto';
import { AppError, messageOf } from '../../errors.ts';
import type { Observe } from '../../observe.ts';
import type { ActivityLog } from '../../store/tables/activity-log.ts';
import type { InstallationStore } from '../../store/tables/installations.ts';
import type { Locks } from '../../store/tables/locks.ts';
import { nameOwner, type InstallationOwnerStore } from '../../store/tables/installation-owners.ts';
import { isTokenRejected } from '../../remote-error.ts';
import type { Installation } from '../../store/schema.ts';
import { ACCESS_TOKEN, installationOwner, type SecretStore } from '../../store/secrets/secrets.ts';
import { checkSubdomain } from '../../zendesk/urls.ts';
import type { Zendesk } from '../../zendesk/client.ts';
import { ACCESS, grantAccess } from '../access.ts';
import { explainReconcileFailure } from '../webhook/explain-reconcile-failure.ts';
import type { ReconcileWebhook } from '../webhook/reconcile-webhook.ts';

const PERMISSION_SPREADS_MS = 60_000;

export type InstallSteps = ReturnType<typeof createInstallSteps>;

/** The two steps after the code was exchanged; a crash between them loses nothing. */
export function createInstallSteps(options: {
  installations: InstallationStore;
  secrets: SecretStore;
  installationOwners: InstallationOwnerStore;
  activityLog: ActivityLog;
  locks: Locks;
  zendesk: Pick<Zendesk, 'getTokenInfo' | 'revokeToken'>;
  reconcileWebhook: ReconcileWebhook;
  observe: Observe;
  now: () => number;
}) {
  const { installations, secrets, activityLog, observe } = options;

  return {
    /**
     * Keeps the token before anything else can fail, in place of the one that this owner did not get
     * further with. Returns the installation's id.
     */
    async keepToken(token: string, ownerId: string): Promise<string> {
      // One that began just now may be another tab's, for another account, and still under way.
      const unfinished = await findUnfinished(ownerId, options.now() - PERMISSION_SPREADS_MS);
      const id = unfinished ?? randomBytes(16).toString('hex');
      if (unfinished === undefined) await installations.create(id, 'Zendesk account');
      // With a new permission its time begins anew.
      else await installations.setStatus(id, ['installing'], 'installing');
      await secrets.put(installationOwner(id), ACCESS_TOKEN, token);
      observe.step({ key: 'token-kept' });
      return id;
    },

    /**
     * Learns whose token it is and makes the installation listen. Installing an account again goes on
     * with the installation it had, which is why the answer may be another id than the given one.
     * @throws AppError when tokenInfo fails; calling it again then goes on from there.
     */
    async complete(id: string): Promise<string> {
      let subject = { installationId: id, title: 'The install was interrupted' };
      try {
        const account = await identify(id);
        const finalId = await options.locks.withLock(
          `install:${account.appId}`,
          { waitMs: 30_000 },
          () => settleOn(id, account),
        );
        subject = { installationId: finalId, title: `Installed in ${account.displayName}` };
        await listen(finalId);
        return finalId;
      } finally {
        await observe.conclude({ kind: 'install', ...subject });
      }
    },

    findUnfinished,

    /** Tells Zendesk that an unfinished install was given up. @throws RemoteError when it could not be told. */
    async giveBack(id: string): Promise<void> {
      const token = await secrets.get(installationOwner(id), ACCESS_TOKEN);
      if (token !== undefined) await options.zendesk.revokeToken(token);
    },
  };

  /** The installation whose account is not known yet. */
  async function findUnfinished(
    ownerId: string,
    begunBefore = Infinity,
  ): Promise<string | undefined> {
    const owned = await installations.listOwnedBy(ownerId);
    const isIt = (one: Installation) => one.status === 'installing' && one.status_at < begunBefore;
    return owned.find(isIt)?.id;
  }

  async function identify(id: string) {
    const token = await secrets.get(installationOwner(id), ACCESS_TOKEN);
    if (token === undefined)
      throw new AppError('state_unknown', 'This install is gone.', 'Start again.');
    try {
      const app = await options.zendesk.getTokenInfo(token);
      const subdomain = app.subdomain ? checkSubdomain(app.subdomain) : null;
      return { appId: app.id, subdomain, displayName: app.displayName ?? subdomain ?? app.id };
    } catch (error) {
      if (error instanceof AppError) throw error;
      if (isTokenRejected(error)) await forgetDead(id);
      const hint = 'Try again in a moment: the permission you gave is kept.';
      throw new AppError('token_info_failed', 'Zendesk did not say which account this is.', hint, {
        cause: error,
      });
    }
  }

  /** A permission that was withdrawn is nothing to go on with; a new one may need a moment to be known. */
  async function forgetDead(id: string): Promise<void> {
    const installation = await installations.find(id);
    if (installation?.status !== 'installing') return;
    if (options.now() - installation.status_at < PERMISSION_SPREADS_MS) return;
    const text = 'The permission was withdrawn before the install was finished.';
    await installations.remove(id, { kind: 'removed', text });
    throw new AppError('state_unknown', 'The permission was withdrawn at Zendesk.', 'Start again.');
  }

  async function settleOn(
    id: string,
    account: { appId: string; subdomain: string | null; displayName: string },
  ): Promise<string> {
    const known = await installations.findByAppId(account.appId);
    const unfinished = await installations.find(id);
    // Somebody else was faster: the browser, or the job that finishes what was interrupted.
    if (unfinished?.status !== 'installing' && known !== undefined) return known.id;
    const finalId = known?.id ?? id;
    const again = known !== undefined && known.id !== id;
    if (again) {
      await secrets.move(installationOwner(id), installationOwner(finalId));
      // Whoever had access before Zendesk ended ours may not be trusted by the account any more.
      if (known.status !== 'active') await endAccess(finalId);
      // Before what they were given for goes: should we die in between, they still have access.
      for (const { ownerId, stateHash } of await options.installationOwners.list(id))
        await grantAccess(options, { ownerId, installationId: finalId, stateHash });
      await installations.remove(id, {
        kind: 'install',
        text: 'Went on with the installation it had.',
      });
    }
    await installations.update(finalId, {
      app_id: account.appId,
      subdomain: account.subdomain,
      display_name: account.displayName,
    });
    await installations.setStatus(finalId, ['installing', 'revoked', 'removing'], 'active');
    const outcome = again ? 'installed before, so that installation goes on' : 'installed now';
    observe.step({ key: 'account-known', account: account.displayName, outcome });
    const verb = again ? 'Reinstalled' : 'Installed';
    await activityLog.add(finalId, 'install', `${verb} in ${account.displayName}.`);
    return finalId;
  }

  async function endAccess(id: string): Promise<void> {
    for (const ownerId of await options.installationOwners.removeAll(id)) {
      const text = `The access of ${nameOwner(ownerId)} has ended: the bot was installed anew.`;
      await activityLog.add(id, ACCESS, text);
    }
  }

  /** A webhook problem does not undo the install: the status page explains it and offers the way out. */
  async function listen(id: string): Promise<void> {
    try {
      await options.reconcileWebhook(id);
    } catch (error) {
      const why = explainReconcileFailure(error) ?? messageOf(error);
      await activityLog.add(id, 'webhook', `The webhook could not be registered. ${why}`);
    }
  }
}
