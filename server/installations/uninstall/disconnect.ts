import type { Request, Response } from 'express';
import type { Core } from '../../core.ts';
import { AppError } from '../../errors.ts';
import type { Installation } from '../../store/schema.ts';
import { nameOwner } from '../../store/tables/installation-owners.ts';
import { ensureOwnerId, flash } from '../../web/sessions.ts';
import { findOwned } from '../owned.ts';
import { keptText, readToken, revokeAccess, uninstallUnlessBack } from './uninstall.ts';

/** The button that disconnects. */
export async function disconnectAccount(core: Core, request: Request, response: Response) {
  const installation = await findOwned(core, request);
  const name = installation.display_name;
  const { wayOut } = core.parts.find((part) => part.wayOut) ?? {};
  response.locals['wayOut'] = wayOut?.(installation.id);
  if (await disconnect(core, installation, ensureOwnerId(request)))
    flash(request, 'ok', `${name} is disconnected. Everything stored of it was deleted.`);
  else flash(request, 'problem', keptText(name));
  response.redirect(303, '/');
}

/**
 * Uninstalls from our side: revokes at Zendesk first, and only then deletes, so that a failure leaves
 * something to try again with. Zendesk sends the remove callback for this as well, in any order. Returns false
 * when the account was connected again meanwhile.
 * @throws AppError when Zendesk could not be told.
 */
async function disconnect(core: Core, installation: Installation, ownerId: string) {
  const { id, status, display_name: name } = installation;
  const token = await readToken(core, installation);
  await core.installations.setStatus(id, [status], 'removing');
  try {
    await revokeAccess(core, installation);
  } catch (error) {
    // Whoever looked at its token may have come to an end meanwhile: if it is dead, the next call will show it.
    const before = status === 'checking' ? 'active' : status;
    await core.installations.setStatus(id, ['removing'], before);
    // Our own failure, a lost key for one, explains itself.
    if (error instanceof AppError) throw error;
    const hint =
      'Nothing was changed here. Try again in a moment. If it goes on, remove the bot in Admin Center.';
    const text = 'Zendesk could not be told to disconnect.';
    throw new AppError('zendesk_unreachable', text, hint, { status: 502, cause: error });
  }
  const text = `${name} was disconnected by its owner, ${nameOwner(ownerId)}.`;
  return await uninstallUnlessBack(core, installation, text, token);
}
