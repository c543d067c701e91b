import type { Request, Response } from 'express';
import type { Core } from '../../core.ts';
import { AppError } from '../../errors.ts';
import type { Installation } from '../../store/schema.ts';
import { nameOwner } from '../../store/tables/installation-owners.ts';
import { ensureOwnerId, flash } from '../../web/sessions.ts';
import { findOwned } from '../owned.ts';
import { keptText, uninstallForOwner } from './uninstall.ts';

/** The button that disconnects. */
export async function disconnectAccount(core: Core, request: Request, response: Response) {
  const installation = await findOwned(core, request);
  const name = installation.display_name;
  const { wayOut } = core.parts.find((part) => part.wayOut) ?? {};
  response.locals['wayOut'] = wayOut?.(installation.id);
  const text = `${name} was disconnected by its owner, ${nameOwner(ensureOwnerId(request))}.`;
  const stop = (error: unknown) => putBack(core, installation, error);
  if (await uninstallForOwner(core, installation, text, stop))
    flash(request, 'ok', `${name} is disconnected. Everything stored of it was deleted.`);
  else flash(request, 'problem', keptText(name));
  response.redirect(303, '/');
}

/** The account stays as it was. @throws AppError that says why. */
async function putBack({ installations }: Core, { id, status }: Installation, error: unknown) {
  // Whoever looked at its token may have come to an end meanwhile: if it is dead, the next call will show it.
  const before = status === 'checking' ? 'active' : status;
  await installations.setStatus(id, ['removing'], before);
  // Our own failure, a lost key for one, explains itself.
  if (error instanceof AppError) throw error;
  const hint =
    'Nothing was changed here. Try again in a moment. If it goes on, remove the bot in Admin Center.';
  const text = 'Zendesk could not be told to disconnect.';
  throw new AppError('zendesk_unreachable', text, hint, { status: 502, cause: error });
}
