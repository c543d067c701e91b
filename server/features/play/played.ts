import type { Request } from 'express';
import type { Core } from '../../core.ts';
import type { Installation } from '../../store/schema.ts';

/** The account that this browser plays with: the newest of its own that has a page in the stand-in. */
export async function findPlayed(
  { installations }: Pick<Core, 'installations'>,
  { session: { ownerId } }: Request,
): Promise<(Installation & { subdomain: string }) | undefined> {
  const owned = ownerId === undefined ? [] : await installations.listOwnedBy(ownerId);
  return owned
    .flatMap((one) => (one.subdomain === null ? [] : [{ ...one, subdomain: one.subdomain }]))
    .filter(({ status }) => status === 'active')
    .toSorted((left, right) => right.created_at - left.created_at)[0];
}
