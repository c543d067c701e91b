import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Core } from '../core.ts';
import { AppError } from '../errors.ts';
import { nameOwner, ownerKey } from '../store/tables/installation-owners.ts';
import { endSession, flash } from '../web/sessions.ts';
import { findOwned } from './owned.ts';

type Access = Pick<Core, 'installationOwners' | 'activityLog'>;

/** The kind of activity line that says who came, who left, and who took data along. */
export const ACCESS = 'access';

const RemoveForm = z.looseObject({ browser: z.string() });

/** Gives a browser that completed an install access to it, and tells those that had it before. */
export async function grantAccess(
  { installationOwners, activityLog }: Access,
  grant: { ownerId: string; installationId: string; stateHash: string },
): Promise<void> {
  const { ownerId, installationId } = grant;
  const isNew = await installationOwners.grant(grant);
  const others = (await installationOwners.list(installationId)).length - 1;
  if (!isNew || others === 0) return;
  const text = `A new ${nameOwner(ownerId)} got access by installing the bot again.`;
  await activityLog.add(installationId, ACCESS, text);
}

/** Of browsers that have not come for a year. */
export async function endUnusedAccess({ installationOwners, activityLog }: Access): Promise<void> {
  for (const { ownerId, installationId } of await installationOwners.deleteOld()) {
    const text = `The access of ${nameOwner(ownerId)} has ended: it had not come for a year.`;
    await activityLog.add(installationId, ACCESS, text);
  }
}

/** Who may open an installation's pages, as its page shows it. */
export async function describeAccess(
  { installationOwners }: Pick<Access, 'installationOwners'>,
  installationId: string,
  viewerId: string | undefined,
) {
  const grants = await installationOwners.list(installationId);
  return grants.map(({ ownerId, createdAt, lastVisitAt }) => ({
    key: ownerKey(ownerId),
    name: nameOwner(ownerId),
    isViewer: ownerId === viewerId,
    createdAt,
    lastVisitAt,
  }));
}

/** The button beside another browser. The viewer's own access ends by signing out. */
export async function removeAccess(core: Core, request: Request, response: Response) {
  const { id } = await findOwned(core, request);
  const { ownerId: viewerId = '' } = request.session;
  const parsed = RemoveForm.safeParse(request.body);
  if (!parsed.success) {
    const text = 'The form does not say whose access to end.';
    throw new AppError('bad_request', text, 'Go back and use a button of “Who has access”.');
  }
  const { browser } = parsed.data;
  const others = (await core.installationOwners.list(id)).filter(
    ({ ownerId }) => ownerId !== viewerId,
  );
  const other = others.find(({ ownerId }) => ownerKey(ownerId) === browser);
  if (other !== undefined && (await core.installationOwners.remove(other.ownerId, id))) {
    const name = nameOwner(other.ownerId);
    const text = `The access of ${name} was ended by ${nameOwner(viewerId)}.`;
    await core.activityLog.add(id, ACCESS, text);
    flash(request, 'ok', `The access of ${name} has ended.`);
  } else {
    flash(request, 'problem', 'That browser has no access any more.');
  }
  response.redirect(303, `/installations/${id}#access`);
}

/**
 * Ends this browser's access to everything. Its owner id is in no other place, so that what it saw
 * could never be reached with it again: the grants go, too, and so do the callbacks that would lead there.
 */
export async function signOut(core: Core, request: Request, response: Response) {
  const { installationOwners, activityLog, oauthAttempts } = core;
  const { ownerId } = request.session;
  if (ownerId !== undefined) {
    for (const id of await installationOwners.removeOwner(ownerId)) {
      await activityLog.add(id, ACCESS, `The ${nameOwner(ownerId)} signed out.`);
    }
    await oauthAttempts.deleteSettled(ownerId);
  }
  await endSession(request);
  const text = 'You are signed out. To come back to an account, add the bot to it again.';
  flash(request, 'ok', text);
  response.redirect(303, '/');
}
