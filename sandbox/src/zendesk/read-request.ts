import type { Request, RequestHandler } from 'express';
import type { z } from 'zod';
import { findByExternalId, findById } from '../platform/people/users.ts';
import type { UserReference } from '../platform/people/users.ts';
import { subdomainOf } from '../platform/accounts.ts';
import { ApiError } from '../refused.ts';
import type { Conversation, User } from '../state/records.ts';
import type { State } from '../state/state.ts';
import type { Caller } from './authenticate.ts';

const NO_JSON = 'There is no JSON body, sent with the header content-type: application/json';

/** Throws 400 with one title per problem, worded like `.content.text: should not be longer …`. */
export function parseBody<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const titles = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.map((key) => `.${String(key)}`).join('')}: ${message}`,
  );
  throw new ApiError(400, 'bad_request', ...(body === undefined ? [NO_JSON] : titles));
}

/** A parameter of the route's path; empty when the route has none of that name. */
export function pathParam(request: Request, name: string): string {
  const value = request.params[name];
  return typeof value === 'string' ? value : '';
}

/**
 * The conversation the URL names. Throws 404 for a conversation of another account, too, in the words of most
 * calls if nothing else is said.
 */
export function findConversation(
  state: State,
  { account }: Caller,
  request: Request,
  [code, title]: [string, string] = ['conversation_not_found', 'Conversation not found'],
): Conversation {
  const conversation = state.conversations.get(pathParam(request, 'conversationId'));
  if (conversation?.account === account.slug) return conversation;
  throw new ApiError(404, code, title);
}

/** The user the URL names, by either id. @throws ApiError 404. */
export function findUser(state: State, { account }: Caller, request: Request): User {
  const id = pathParam(request, 'userIdOrExternalId');
  const brandId = readBrandId(request.query);
  const user = findById(state, account, id) ?? findByExternalId(state, account, id, brandId);
  if (user) return user;
  throw new ApiError(404, 'user_not_found', 'User not found');
}

/** Of a user who is kept apart from those of other brands. */
export function readBrandId({ brandId }: Record<string, unknown>): string | undefined {
  return typeof brandId === 'string' ? brandId : undefined;
}

/** Whose conversations to list. Throws 400 unless exactly one filter is given, once. */
export function readUserFilter(query: Record<string, unknown>): UserReference {
  const userId = query['filter[userId]'];
  const userExternalId = query['filter[userExternalId]'];
  if (typeof userId === 'string' && userExternalId === undefined) return { userId };
  if (typeof userExternalId === 'string' && userId === undefined)
    return { userExternalId, brandId: readBrandId(query) };
  throw new ApiError(400, 'bad_request', 'Exactly one filter is required');
}

/** What Zendesk says at a subdomain that is nobody's: not in the API's form. */
export function requireAccount(state: State): RequestHandler {
  return ({ params }, response, next) => {
    const name = String(params['subdomain']);
    const isThere = [...state.accounts.values()].some((one) => subdomainOf(one) === name);
    if (isThere) return next();
    const title = `No help desk at ${name}.zendesk.com`;
    const message =
      'There is no help desk configured at this address. This means that the address is available and that you can claim it.';
    return response.status(404).json({ error: { title, message } });
  };
}
