import { ApiError } from '../../refused.ts';
import type { Account, User } from '../../state/records.ts';
import { addUser, externalIdKey } from '../../state/state.ts';
import type { State } from '../../state/state.ts';
import { newId } from '../../state/values.ts';
import type { Platform } from '../create-platform.ts';

type NewUser = Omit<User, 'id' | 'account' | 'authenticated'>;
type Needs = Pick<Platform, 'state' | 'changes'>;

/** A user as API calls name it. */
export interface UserReference {
  userId?: string | undefined;
  userExternalId?: string | undefined;
  /** Where the account separates its users by brand. */
  brandId?: string | null | undefined;
}

/** @throws ApiError 409 when the account has a user of that external id. */
export function createUser({ state, changes }: Needs, account: Account, details: NewUser): User {
  const { externalId, brandId } = details;
  if (externalId !== undefined && findByExternalId(state, account, externalId, brandId)) {
    throw new ApiError(409, 'conflict', 'User already exists');
  }
  const user = {
    ...details,
    id: newId(),
    account: account.slug,
    authenticated: externalId !== undefined,
  };
  addUser(state, user);
  changes.announce({ account: account.slug });
  return user;
}

type UserChanges = Partial<Pick<User, 'profile' | 'metadata' | 'signedUpAt' | 'toBeRetained'>>;

/** What is not named stays as it is, within profile and metadata, too; null clears the metadata. */
export function updateUser({ changes }: Needs, user: User, changed: UserChanges): void {
  const { profile, metadata, ...rest } = changed;
  Object.assign(user, rest);
  if (profile) user.profile = { ...user.profile, ...profile };
  if (metadata !== undefined) user.metadata = metadata && { ...user.metadata, ...metadata };
  changes.announce({ account: user.account });
}

/** Clears name, e-mail, picture and custom properties, and what channels told; the conversations stay. */
export function forgetPersonalInformation({ state, changes }: Needs, user: User): void {
  const { locale } = user.profile ?? {};
  user.profile = { ...(locale && { locale }) };
  user.metadata = {};
  for (const client of state.channelClientsByUser.get(user.id) ?? []) {
    delete client.displayName;
    delete client.avatarUrl;
    delete client.info;
  }
  changes.announce({ account: user.account });
}

export function findByExternalId(
  state: State,
  account: Account,
  externalId: string,
  brandId?: string | null,
): User | undefined {
  return state.usersByExternalId.get(externalIdKey(account.slug, externalId, brandId));
}

export function findById(state: State, account: Account, id: string): User | undefined {
  const user = state.users.get(id);
  return user?.account === account.slug ? user : undefined;
}

/** @throws ApiError 404. */
export function getUser(state: State, account: Account, reference: UserReference): User {
  const { userId, userExternalId, brandId } = reference;
  const user =
    userId === undefined
      ? findByExternalId(state, account, userExternalId ?? '', brandId)
      : findById(state, account, userId);
  if (!user) throw new ApiError(404, 'user_not_found', 'User not found');
  return user;
}

/** Those whose proven e-mail address it is; what stands in a profile does not count. */
export function findByEmail(state: State, account: Account, email: string): User[] {
  const own = [...state.users.values()].filter((user) => user.account === account.slug);
  return own.filter((user) => user.email?.toLowerCase() === email.toLowerCase());
}

/** The user's external id from now on, which nobody else may have. */
export function setExternalId(state: State, user: User, externalId: string | undefined): void {
  if (user.externalId !== undefined)
    state.usersByExternalId.delete(externalIdKey(user.account, user.externalId, user.brandId));
  if (externalId === undefined) delete user.externalId;
  else user.externalId = externalId;
  addUser(state, user);
}
