import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Core } from '../../core.ts';
import { AppError } from '../../errors.ts';
import { findOwned } from '../../installations/owned.ts';
import { SETTINGS_PATH } from '../../installations/status/page.ts';
import { nameOwner, ownerKey } from '../../store/tables/installation-owners.ts';
import { flash } from '../../web/sessions.ts';
import { LAST_VISIT } from './visits.ts';

const RemoveForm = z.looseObject({ browser: z.string() });

/** Who may open an installation's pages, as its page shows it to one of them. */
export async function describeAccess(
  { database: { kysely } }: Pick<Core, 'database'>,
  installationId: string,
  viewerId: string | undefined,
) {
  const grants = await kysely
    .selectFrom('installation_owners')
    .select(['owner_id', 'created_at as createdAt', LAST_VISIT.as('lastVisitAt')])
    .where('installation_id', '=', installationId)
    .orderBy('created_at')
    .orderBy('owner_id')
    .execute();
  return grants.map(({ owner_id: ownerId, createdAt, lastVisitAt }) => ({
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
    ({ owner_id: ownerId }) => ownerId !== viewerId,
  );
  const other = others.find(({ owner_id: ownerId }) => ownerKey(ownerId) === browser);
  if (other !== undefined && (await endAccess(core.database, other.owner_id, id))) {
    const name = nameOwner(other.owner_id);
    const text = `The access of ${name} was ended by ${nameOwner(viewerId)}.`;
    await core.observe.note(id, 'access', text);
    flash(request, 'ok', `The access of ${name} has ended.`);
  } else {
    flash(request, 'problem', 'That browser has no access any more.');
  }
  response.redirect(303, `/installations/${id}${SETTINGS_PATH}#access`);
}

/** Returns false when that browser had no access. */
async function endAccess(
  { kysely }: Pick<Core['database'], 'kysely'>,
  ownerId: string,
  installationId: string,
): Promise<boolean> {
  const { numDeletedRows } = await kysely
    .deleteFrom('installation_owners')
    .where('owner_id', '=', ownerId)
    .where('installation_id', '=', installationId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
