import { stableId } from '../../state/new-id.ts';
import type { Enterprise, Person, ZocksAccount } from './records.ts';

const ENTERPRISE = stableId('zocks:enterprise');
/** The account that has the apps a sandbox is started with. */
export const FIRST_ACCOUNT_ID = stableId('zocks:account');
const HARBOR = stableId('zocks:harbor');
const HOME_OFFICE = stableId('zocks:home-office');
const BIRCH = stableId('zocks:birch');

export const predefinedEnterprises: Enterprise[] = [{ id: ENTERPRISE, name: 'Example Wealth' }];

/** In Harbor Planning the creation of apps is still switched off; Birch Financial stands alone. */
export function predefinedAccounts(): ZocksAccount[] {
  return [
    predefineAccount(FIRST_ACCOUNT_ID, 'Example Advisers', ENTERPRISE, true),
    predefineAccount(HARBOR, 'Harbor Planning', ENTERPRISE, false),
    predefineAccount(HOME_OFFICE, 'Example Wealth Home Office', ENTERPRISE, true),
    predefineAccount(BIRCH, 'Birch Financial', null, true),
  ];
}

export function predefinedPeople(): Person[] {
  return [
    predefinePerson('adviser', FIRST_ACCOUNT_ID, 'Zocks Adviser', 'member'),
    predefinePerson('owner', FIRST_ACCOUNT_ID, 'Zocks Owner', 'owner'),
    predefinePerson('admin', FIRST_ACCOUNT_ID, 'Zocks Admin', 'admin'),
    predefinePerson('harbor-owner', HARBOR, 'Harbor Owner', 'owner'),
    predefinePerson('harbor-adviser', HARBOR, 'Harbor Adviser', 'member'),
    {
      ...predefinePerson('home-office', HOME_OFFICE, 'Home Office Admin', 'admin'),
      isHomeOfficeAdmin: true,
    },
    predefinePerson('birch-owner', BIRCH, 'Birch Owner', 'owner'),
  ];
}

function predefineAccount(
  id: string,
  name: string,
  enterpriseId: string | null,
  mayCreateApps: boolean,
): ZocksAccount {
  return { id, name, enterpriseId, mayCreateApps };
}

function predefinePerson(
  key: string,
  accountId: string,
  name: string,
  role: Person['role'],
): Person {
  const id = stableId(`zocks:${key}`);
  const email = `${key}@zocks.example`;
  return { id, accountId, name, email, role, isHomeOfficeAdmin: false, isActive: true };
}
