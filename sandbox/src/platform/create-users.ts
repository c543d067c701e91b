import { ApiError } from '../refused.ts';
import type { Changes } from '../state/changes.ts';
import type { Account, User } from '../state/records.ts';
import { addUser, externalIdKey } from '../state/state.ts';
import type { State } from '../state/state.ts';
import { newId } from '../state/values.ts';

type NewUser = Omit<User, 'id' | 'account' | 'authenticated'>;

/** A user as API calls name it. */
export interface UserReference {
  userId?: string | undefined;
  userExternalId?: string | undefined;
}

export function createUsers({ state, changes }: { state: State; changes: Changes }) {
  function findByExternalId(account: Account, externalId: string): User | undefined {
    return state.usersByExternalId.get(externalIdKey(account.slug, externalId));
  }

  function findById(account: Account, id: string): User | undefined {
    const user = state.users.get(id);
    return user?.account === account.slug ? user : undefined;
  }

  return {
    /** Throws 409 when the account has a user of that external id. */
    create(account: Account, details: NewUser): User {
      const { externalId } = details;
      if (externalId !== undefined && findByExternalId(account, externalId)) {
        throw new ApiError(409, 'conflict', 'User already exists');
      }
      const id = newId();
      const user = {
        ...details,
        id,
        account: account.slug,
        authenticated: externalId !== undefined,
      };
      addUser(state, user);
      changes.announce({ account: account.slug });
      return user;
    },

    findByExternalId,
    /** Throws 404. */
    get(account: Account, { userId, userExternalId }: UserReference): User {
      const user =
        userId === undefined
          ? findByExternalId(account, userExternalId ?? '')
          : findById(account, userId);
      if (!user) throw new ApiError(404, 'user_not_found', 'User not found');
      return user;
    },

    findById,
  };
}
