import type { Request } from 'express';
import type { Core } from '../core.ts';
import { notFound } from '../errors.ts';
import type { Installation } from '../store/schema.ts';

/**
 * Returns the installation in the path, for the browser that installed it. For everybody else there is no
 * such page, and it does not tell whether there is one for somebody.
 * @throws AppError `not_found`
 */
export async function findOwned(
  { installations, installationOwners }: Pick<Core, 'installations' | 'installationOwners'>,
  request: Request,
): Promise<Installation> {
  const id = String(request.params['id']);
  const { ownerId } = request.session;
  const owned = ownerId !== undefined && (await installationOwners.owns(ownerId, id));
  const installation = owned ? await installations.find(id) : undefined;
  if (installation === undefined) throw notFound();
  return installation;
}
