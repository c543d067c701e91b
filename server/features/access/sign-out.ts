import type { Request, RequestHandler, Response } from 'express';
import type { Core } from '../../core.ts';
import { nameOwner } from '../../store/tables/installation-owners.ts';
import { endSession, flash } from '../../web/sessions.ts';

const PATH = '/sign-out';

/** The button at the head of every page of somebody who could have something to lose. */
export const offerSignOut: RequestHandler = ({ session }, { locals }, next) => {
  if (session.ownerId !== undefined) locals['navForms'] = [{ action: PATH, label: 'Sign out' }];
  next();
};

/**
 * Ends this browser's access to everything. Its owner id is in no other place, so that what it saw
 * could never be reached with it again: the grants go, too, and so do the callbacks that would lead there.
 */
export async function signOut(core: Core, request: Request, response: Response) {
  const { ownerId } = request.session;
  if (ownerId !== undefined) {
    for (const id of await endAllAccess(core.database, ownerId)) {
      await core.observe.note(id, 'access', `The ${nameOwner(ownerId)} signed out.`);
    }
  }
  await endSession(request);
  const text = 'You are signed out. To come back to an account, add the bot to it again.';
  flash(request, 'ok', text);
  response.redirect(303, '/');
}

/** Returns the ids of the installations it saw. */
async function endAllAccess({ kysely }: Core['database'], ownerId: string): Promise<string[]> {
  const grants = kysely.deleteFrom('installation_owners').where('owner_id', '=', ownerId);
  const ended = await grants.returning('installation_id').execute();
  const attempts = kysely.deleteFrom('oauth_attempts').where('owner_id', '=', ownerId);
  await attempts.where('outcome', 'is not', null).execute();
  return ended.map((grant) => grant.installation_id);
}
