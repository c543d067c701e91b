import type { Account, SupportUser, User } from '../../state/records.ts';
import type { Platform } from '../create-platform.ts';
import { publishClient, publishUserUpdated } from '../events/people-events.ts';
import { sourceOf, webClientOf } from './channels.ts';
import { mergeUsers } from './merge.ts';
import { findByEmail, findByExternalId, setExternalId } from './users.ts';

type Needs = Pick<Platform, 'state' | 'changes' | 'deliveries'>;

export interface Identity {
  externalId: string;
  name?: string | undefined;
  email?: string | undefined;
}

/**
 * The visitor of a website says who they are there. Somebody who is known already is the same person, and
 * their record survives. Returns who it is from now on.
 */
export function signIn(needs: Needs, account: Account, visitor: User, identity: Identity): User {
  const { state, changes } = needs;
  const { externalId, name, email } = identity;
  const known = findByExternalId(state, account, externalId, visitor.brandId);
  const user = known ?? visitor;
  const source = sourceOf(state, webClientOf(needs, visitor));
  if (user !== visitor) {
    publishClient(needs, 'client:add', webClientOf(needs, visitor), 'sdkLogin');
    mergeUsers(needs, { surviving: user, discarded: visitor, reason: 'sdkLogin' });
  }
  const wasAuthenticated = user.authenticated && user.externalId === externalId;
  setExternalId(state, user, externalId);
  user.authenticated = true;
  user.signedUpAt ??= new Date().toISOString();
  if (name) user.profile = { ...user.profile, givenName: name };
  if (email) user.email = email;
  user.zendeskId ??= keepSupportUser(needs, account, identity).id;
  if (!wasAuthenticated) publishUserUpdated(needs, user, 'authentication', source);
  changes.announce({ account: account.slug });
  return user;
}

/** Signing in makes somebody known to Zendesk Support. */
function keepSupportUser({ state }: Needs, account: Account, identity: Identity): SupportUser {
  const { externalId, name = 'Customer', email } = identity;
  const own = [...state.supportUsers.values()].filter((one) => one.account === account.slug);
  const known = own.find((one) => one.externalId === externalId);
  if (known) return known;
  const id = String(9_000_000_001 + state.supportUsers.size);
  const person = {
    id,
    account: account.slug,
    givenName: name,
    externalId,
    ...(email !== undefined && { email }),
  };
  state.supportUsers.set(id, person);
  return person;
}

/**
 * Brings a customer up to date with Zendesk Support: name, external id and e-mail address. Whoever has one
 * of the two already is the same person, unless Support knows them as another: then they lose it.
 */
export function syncUser(needs: Needs, account: Account, user: User, person: SupportUser): void {
  const { state, changes } = needs;
  const { givenName, surname, externalId, email } = person;
  const others = [
    externalId === undefined ? undefined : findByExternalId(state, account, externalId),
    ...(email === undefined ? [] : findByEmail(state, account, email)),
  ].filter((one) => one !== undefined && one !== user);
  for (const other of new Set(others)) {
    if (!other) continue;
    if (other.zendeskId === undefined)
      mergeUsers(needs, { surviving: user, discarded: other, reason: 'api' });
    else {
      if (other.externalId === externalId) setExternalId(state, other, undefined);
      if (other.email === email) delete other.email;
    }
  }
  const before = [user.externalId, user.email].join('\n');
  setExternalId(state, user, externalId);
  if (email !== undefined) user.email = email;
  user.profile = { ...user.profile, givenName, ...(surname !== undefined && { surname }) };
  if (before !== [user.externalId, user.email].join('\n'))
    publishUserUpdated(needs, user, undefined);
  changes.announce({ account: account.slug });
}
