import type { AppDetails } from '../../state/registered-app.ts';
import type { Owned, Person, ZocksAccount, ZocksState } from './zocks-state.ts';

export type Permissions = ReturnType<typeof createPermissions>;

/** Who may do what with apps. Deactivated people may do nothing. */
export function createPermissions({ accounts, people }: Pick<ZocksState, 'accounts' | 'people'>) {
  const isManager = ({ role, isActive }: Person) => isActive && role !== 'member';

  function accountOf({ accountId }: Pick<Person, 'accountId'>): ZocksAccount {
    const account = accounts.get(accountId);
    if (!account) throw new Error(`Zocks has no account ${accountId}`);
    return account;
  }

  function belongsTo(person: Person, app: Owned): boolean {
    return person.accountId === app.accountId;
  }

  /** Own account, or the same enterprise once the app is enabled for the hierarchy. */
  function isInReachOf(app: Owned, person: Person): boolean {
    if (belongsTo(person, app)) return true;
    const { enterpriseId } = accountOf(app);
    const isSame = enterpriseId !== null && enterpriseId === accountOf(person).enterpriseId;
    return app.hierarchy === 'on' && isSame;
  }

  return {
    accountOf,
    isManager,
    isInReachOf,

    mayManage: (person: Person, app: Owned): boolean => isManager(person) && belongsTo(person, app),

    maySee(person: Person, app: Owned & { isEnabled: boolean }): boolean {
      if (!person.isActive || !isInReachOf(app, person)) return false;
      return app.isEnabled || (isManager(person) && belongsTo(person, app));
    },

    mayCreate: (person: Person): boolean => isManager(person) && accountOf(person).mayCreateApps,

    /** Why a person cannot create apps, and whom to ask; undefined: they can. */
    explainNoCreate(person: Person): string | undefined {
      const account = accountOf(person);
      const all = [...people.values()].filter(({ isActive }) => isActive);
      if (!isManager(person)) {
        const whom = all.filter((one) => belongsToAccount(one, account) && isManager(one));
        return `Only an Owner or Admin of ${account.name} can create apps. Ask ${nameAll(whom)}.`;
      }
      if (account.mayCreateApps) return undefined;
      const whom = all.filter(
        (one) => one.isHomeOfficeAdmin && accountOf(one).enterpriseId === account.enterpriseId,
      );
      return `Creating apps is switched off for ${account.name}. Ask your Home Office Enterprise Admin, ${nameAll(whom)}, to switch it on.`;
    },
  };
}

function belongsToAccount({ accountId }: Person, { id }: ZocksAccount): boolean {
  return accountId === id;
}

function nameAll(people: Person[]): string {
  return people.map(({ name, email }) => `${name} (${email})`).join(' or ');
}

/** For the person who was sent here to allow the app; undefined: it is enabled. */
export function explainNotEnabled(
  { accounts }: Pick<ZocksState, 'accounts'>,
  app: Owned & { details: AppDetails; isEnabled: boolean },
): string | undefined {
  if (app.isEnabled) return undefined;
  const account = accounts.get(app.accountId)?.name ?? 'its account';
  return `${app.details.name} is not enabled, so nobody can allow it now. An Owner or Admin of ${account} can enable it in the Apps portal, under Settings → Integrations → Apps.`;
}
