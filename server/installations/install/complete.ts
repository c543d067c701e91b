import type { Core } from '../../core.ts';
import { AppError, messageOf } from '../../errors.ts';
import { isTokenRejected } from '../../remote-error.ts';
import { isForeignKeyViolation } from '../../store/engines/database.ts';
import type { Installation } from '../../store/schema.ts';
import { ACCESS_TOKEN, installationOwner } from '../../store/secrets/secrets.ts';
import { nameOwner, type Grant } from '../../store/tables/installation-owners.ts';
import { checkSubdomain } from '../../zendesk/urls.ts';
import { explainToOwner, reconcileWebhook, type ReconcileNeeds } from '../webhook/reconcile.ts';
import { PERMISSION_SPREADS_MS, UNDOCUMENTED } from './token.ts';

type Needs = ReconcileNeeds & Pick<Core, 'installationOwners' | 'now'>;

type Account = Awaited<ReturnType<typeof identify>>;

/**
 * Learns whose token it is and makes the installation listen. Installing an account again goes on with the
 * installation it had, hence another id may be returned than the given one.
 * @throws AppError when tokenInfo fails; calling it again then goes on from there.
 */
export async function completeInstall(core: Needs, id: string): Promise<string> {
  let subject = { installationId: id, title: 'The install was interrupted' };
  try {
    const account = await identify(core, id);
    const lock = `install:${account.appId}`;
    const finalId = await core.locks.withLock(lock, { waitMs: 30_000 }, () =>
      settleOn(core, id, account),
    );
    subject = { installationId: finalId, title: `Installed in ${account.displayName}` };
    await listen(core, finalId);
    return finalId;
  } finally {
    await core.observe.conclude({ kind: 'install', ...subject });
  }
}

async function identify(core: Needs, id: string) {
  const token = await core.secrets.get(installationOwner(id), ACCESS_TOKEN);
  if (token === undefined)
    throw new AppError('state_unknown', 'This install is gone.', 'Start again.');
  try {
    const app = await core.zendesk.getTokenInfo(token);
    const subdomain = app.subdomain ? checkSubdomain(app.subdomain) : null;
    return { appId: app.id, subdomain, displayName: app.displayName ?? subdomain ?? app.id };
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (isTokenRejected(error)) await removeDead(core, id);
    const text = 'Zendesk did not say which account this is.';
    const hint = 'Try again in a moment: the permission you gave is kept.';
    throw new AppError('token_info_failed', text, hint, { status: 502, cause: error });
  }
}

/** A permission that was withdrawn is nothing to go on with; a new one may need a moment to be known. */
async function removeDead({ installations, now }: Needs, id: string): Promise<void> {
  const installation = await installations.find(id);
  if (installation?.status !== 'installing') return;
  if (now() - installation.status_at < PERMISSION_SPREADS_MS) return;
  const text = 'The permission was withdrawn before the install was finished.';
  await installations.remove(id, { kind: 'removed', text }, 'installing');
  throw new AppError('state_unknown', 'The permission was withdrawn at Zendesk.', 'Start again.');
}

/** Returns the id of the account's one installation: the one it had, or this. */
async function settleOn(core: Needs, id: string, account: Account): Promise<string> {
  const { installations, observe } = core;
  const known = await installations.findByAppId(account.appId);
  const unfinished = await installations.find(id);
  // Somebody else was faster: the browser, or the job that finishes what was interrupted.
  if (unfinished?.status !== 'installing' && known !== undefined) return known.id;
  const finalId = known?.id ?? id;
  const again = known !== undefined && known.id !== id;
  // What removes the one it had may have begun before, and end just now: then this one takes its place.
  if (again && !(await goOnWith(core, known, id, account)))
    return await settleOn(core, id, account);
  if (!again) await activate(core, id, account);
  // Last: until here it can all be done again.
  const text = 'Went on with the installation it had.';
  if (again) await installations.remove(id, { kind: 'install', text });
  const outcome = again ? 'installed before, so that installation goes on' : 'installed now';
  observe.step({ key: 'account-known', account: account.displayName, outcome });
  const verb = again ? 'Reinstalled' : 'Installed';
  await core.observe.note(finalId, 'install', `${verb} in ${account.displayName}.`);
  return finalId;
}

/** With what came with this install. Returns false when the installation that the account had is gone. */
async function goOnWith(core: Needs, known: Installation, id: string, account: Account) {
  const { installations, installationOwners, secrets } = core;
  const owner = installationOwner(known.id);
  try {
    // What came with the token before goes with it.
    for (const field of UNDOCUMENTED) await secrets.remove(owner, field);
    // Copied, not moved: should we die in between, whoever goes on finds the token where it was.
    const brought = await secrets.getAll(installationOwner(id));
    for (const [field, value] of Object.entries(brought)) await secrets.put(owner, field, value);
    // Whoever had access before Zendesk ended ours may not be trusted by the account any more.
    if (known.status !== 'active') await endAccess(core, known.id);
    for (const grant of await installationOwners.list(id))
      await grantAccess(core, { ...grant, installation_id: known.id });
    await activate(core, known.id, account);
  } catch (error) {
    if (!isForeignKeyViolation(error)) throw error;
  }
  return (await installations.find(known.id)) !== undefined;
}

async function activate({ installations }: Needs, id: string, account: Account): Promise<void> {
  await installations.update(id, {
    app_id: account.appId,
    subdomain: account.subdomain,
    display_name: account.displayName,
  });
  await installations.setStatus(id, ['installing', 'checking', 'revoked', 'removing'], 'active');
}

/** Gives a browser that completed an install access to it. */
export async function grantAccess(core: Needs, grant: Grant): Promise<void> {
  const isNew = await core.installationOwners.grant(grant);
  if (isNew) await core.observe.grant(grant.installation_id, grant.owner_id);
}

async function endAccess({ installationOwners, observe }: Needs, id: string): Promise<void> {
  for (const ownerId of await installationOwners.removeAll(id)) {
    const text = `The access of ${nameOwner(ownerId)} has ended: the bot was installed anew.`;
    await observe.note(id, 'access', text);
  }
}

/** A webhook problem does not undo the install: the account's page explains it and offers the way out. */
async function listen(core: Needs, id: string): Promise<void> {
  try {
    await reconcileWebhook(core, id);
  } catch (error) {
    const why = explainToOwner(error) ?? messageOf(error);
    await core.observe.note(id, 'webhook', `The webhook could not be registered. ${why}`);
  }
}
