import type { Request } from 'express';
import { notFound } from '../errors.ts';
import type { InstallationStore } from '../store/tables/installations.ts';
import type { OwnerStore } from '../store/tables/owners.ts';
import type { Installation } from '../store/schema.ts';

export type FindOwned = (request: Request) => Promise<Installation>;

/**
 * The installation in the path, for the browser that installed it. For everybody else there is no such
 * page, and it does not tell whether there is one for somebody.
 * @throws AppError `not_found`
 */
export function createFindOwned(options: {
  installations: InstallationStore;
  owners: OwnerStore;
}): FindOwned {
  return async (request) => {
    const id = String(request.params['id']);
    const { ownerId } = request.session;
    const owned = ownerId !== undefined && (await options.owners.visit(ownerId, id));
    const installation = owned ? await options.installations.find(id) : undefined;
    if (installation === undefined) throw notFound();
    return installation;
  };
}
