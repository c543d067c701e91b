import type { Tokens } from '../../oauth/create-tokens.ts';
import type { Permissions } from './permissions.ts';
import type { Enterprise, Person, ZocksAccount, ZocksState } from './zocks-state.ts';

interface PeopleOptions {
  state: ZocksState;
  tokens: Tokens;
  permissions: Permissions;
  /** Called after each change. */
  announce: () => void;
}

export function createPeople({ state, tokens, permissions, announce }: PeopleOptions) {
  const { accounts, people } = state;

  const listActive = (): Person[] => [...people.values()].filter(({ isActive }) => isActive);

  return {
    listActive,

    listDeactivated: (): Person[] => [...people.values()].filter(({ isActive }) => !isActive),

    find: (id: string): Person | undefined => people.get(id),

    findActive(id: string): Person | undefined {
      const person = people.get(id);
      return person?.isActive ? person : undefined;
    },

    listOf: ({ id }: ZocksAccount): Person[] =>
      [...people.values()].filter(({ accountId }) => accountId === id),

    /** Everybody who may sign in, by account. */
    listByAccount: () =>
      [...accounts.values()].map((account) => ({
        account,
        people: listActive().filter(({ accountId }) => accountId === account.id),
      })),

    /** Only an Owner may deactivate another Owner, and nobody themselves. */
    mayDeactivate(actor: Person, person: Person): boolean {
      const isColleague = actor.accountId === person.accountId && actor.id !== person.id;
      const isEnough = actor.role === 'owner' || person.role !== 'owner';
      return permissions.isManager(actor) && isColleague && isEnough && person.isActive;
    },

    /** All tokens of the person die, and no app is told. */
    deactivate(person: Person): void {
      people.set(person.id, { ...person, isActive: false });
      for (const grant of tokens.grantsOf(person.id)) tokens.revoke(grant);
      announce();
    },

    /** Zocks knows no way back; the operator of a sandbox needs one. Tokens stay dead. */
    reactivate(person: Person): void {
      people.set(person.id, { ...person, isActive: true });
      announce();
    },
  };
}

interface EnterprisesOptions {
  state: ZocksState;
  /** Called after each change. */
  announce: () => void;
}

/** Accounts under one roof, and the switch their Home Office admin has for each of them. */
export function createEnterprises({ state, announce }: EnterprisesOptions) {
  const { enterprises, accounts } = state;

  return {
    find: ({ enterpriseId }: ZocksAccount): Enterprise | undefined =>
      enterprises.get(enterpriseId ?? ''),

    /** The accounts the person decides for; undefined: no Home Office admin. */
    listGoverned({ accountId, isHomeOfficeAdmin }: Person): ZocksAccount[] | undefined {
      const enterpriseId = accounts.get(accountId)?.enterpriseId ?? null;
      if (!isHomeOfficeAdmin || enterpriseId === null) return undefined;
      return [...accounts.values()].filter((account) => account.enterpriseId === enterpriseId);
    },

    /** Apps that exist stay as they are. */
    setAppCreation(account: ZocksAccount, mayCreateApps: boolean): void {
      accounts.set(account.id, { ...account, mayCreateApps });
      announce();
    },
  };
}
