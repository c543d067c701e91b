import type { Enterprise, Person, ZocksAccount } from './records.ts';
import type { ZocksState } from './zocks-state.ts';

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
