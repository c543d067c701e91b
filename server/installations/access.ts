import type { Request, Response } from 'express';
import type { Core } from '../core.ts';
import { nameOwner } from '../store/tables/installation-owners.ts';
import { endSession, flash } from '../web/sessions.ts';

type Access = Pick<Core, 'installationOwners'> & { observe: Pick<Core['observe'], 'note'> };

/** The kind of activity line that says who came, who left, and who took data along. */
export const ACCESS = 'access';

/** Gives a browser that completed an install access to it, and tells those that had it before. */
export async function grantAccess(
  { installationOwners, observe }: Access,
  grant: { ownerId: string; installationId: string; stateHash: string },
): Promise<void> {
  const { ownerId, installationId } = grant;
  const isNew = await installationOwners.grant(grant);
  const others = (await installationOwners.list(installationId)).length - 1;
  if (!isNew || others === 0) return;
  const text = `A new ${nameOwner(ownerId)} got access by installing the bot again.`;
  await observe.note(installationId, ACCESS, text);
}

/** Of browsers that have not come for a year. */
export async function endUnusedAccess({ installationOwners, observe }: Access): Promise<void> {
  for (const { ownerId, installationId } of await installationOwners.deleteOld()) {
    const text = `The access of ${nameOwner(ownerId)} has ended: it had not come for a year.`;
    await observe.note(installationId, ACCESS, text);
  }
}

/**
 * Ends this browser's access to everything. Its owner id is in no other place, so that what it saw
 * could never be reached with it again: the grants go, too, and so do the callbacks that would lead there.
 */
export async function signOut(core: Core, request: Request, response: Response) {
  const { installationOwners, observe, oauthAttempts } = core;
  const { ownerId } = request.session;
  if (ownerId !== undefined) {
    for (const id of await installationOwners.removeOwner(ownerId)) {
      await observe.note(id, ACCESS, `The ${nameOwner(ownerId)} signed out.`);
    }
    await oauthAttempts.deleteSettled(ownerId);
  }
  await endSession(request);
  const text = 'You are signed out. To come back to an account, add the bot to it again.';
  flash(request, 'ok', text);
  response.redirect(303, '/');
}
