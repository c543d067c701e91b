import { ApiError } from '../platform/api-error.ts';
import type { UserReference } from '../platform/create-users.ts';

/** Whose conversations to list. Throws 400 unless exactly one filter is given, once. */
export function readUserFilter(query: Record<string, unknown>): UserReference {
  const userId = query['filter[userId]'];
  const userExternalId = query['filter[userExternalId]'];
  if (typeof userId === 'string' && userExternalId === undefined) return { userId };
  if (typeof userExternalId === 'string' && userId === undefined) return { userExternalId };
  throw new ApiError(400, 'bad_request', 'Exactly one filter is required');
}
