import type { RequestHandler } from 'express';
import { sql } from 'kysely';
import type { Core } from '../../core.ts';
import { nameOwner } from '../../store/tables/installation-owners.ts';

const YEAR_MS = 365 * 24 * 60 * 60_000;
/** A visit is written down at most this often. */
const NOTED_EVERY_MS = 60 * 60_000;

/** Of a grant, in epoch milliseconds. */
export const LAST_VISIT = sql<number>`coalesce(last_visit_at, created_at)`;

type Needs = Pick<Core, 'database' | 'now'> & { observe: Pick<Core['observe'], 'note'> };

/** Ahead of every page: ends what its browser has not come to for a year, and remembers when it came. */
export function followVisits(core: Needs): RequestHandler {
  return async (request, _response, next) => {
    const { ownerId } = request.session;
    const visited = /^\/installations\/([^/]+)/.exec(request.path)?.[1];
    if (ownerId !== undefined) await follow(core, ownerId, visited);
    next();
  };
}

async function follow(core: Needs, ownerId: string, visitedId: string | undefined): Promise<void> {
  const { database, now } = core;
  const grants = await database.kysely
    .selectFrom('installation_owners')
    .select(['installation_id', LAST_VISIT.as('lastVisitAt')])
    .where('owner_id', '=', ownerId)
    .execute();
  if (grants.some(({ lastVisitAt }) => lastVisitAt <= now() - YEAR_MS))
    return await endUnusedAccess(core);
  const visited = grants.find(({ installation_id: id }) => id === visitedId);
  if (visited === undefined || visited.lastVisitAt > now() - NOTED_EVERY_MS) return;
  await database.kysely
    .updateTable('installation_owners')
    .set({ last_visit_at: now() })
    .where('owner_id', '=', ownerId)
    .where('installation_id', '=', visited.installation_id)
    .execute();
}

/** Of browsers that have not come for a year. */
export async function endUnusedAccess({ database, observe, now }: Needs): Promise<void> {
  const ended = await database.kysely
    .deleteFrom('installation_owners')
    .where(LAST_VISIT, '<=', now() - YEAR_MS)
    .returning(['owner_id as ownerId', 'installation_id as installationId'])
    .execute();
  for (const { ownerId, installationId } of ended) {
    const text = `The access of ${nameOwner(ownerId)} has ended: it had not come for a year.`;
    await observe.note(installationId, 'access', text);
  }
}
