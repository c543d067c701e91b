import { z } from 'zod';
import { createTokenState, tokenSnapshotSchema, toTokenSnapshot } from '../../oauth/token-state.ts';
import type { TokenState } from '../../oauth/token-state.ts';
import { appInputSchema, registeredAppSchema } from '../../state/registered-app.ts';
import { stableId } from '../../state/values.ts';

const enterpriseSchema = z.object({ id: z.string(), name: z.string() });

const accountSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** null: it stands alone. */
  enterpriseId: z.string().nullable(),
  /** Switched by the enterprise's Home Office admin; always on where there is no enterprise. */
  mayCreateApps: z.boolean(),
});

const personSchema = z.object({
  id: z.string(),
  accountId: z.string(),
  name: z.string(),
  email: z.string(),
  role: z.enum(['owner', 'admin', 'member']),
  /** Decides for all accounts of the enterprise. */
  isHomeOfficeAdmin: z.boolean(),
  isActive: z.boolean(),
});

/** Whose app it is, and who has it beside the account that made it. */
export const ownedSchema = z.object({
  /** The only account that sees it unless it is enabled for the hierarchy. */
  accountId: z.string(),
  /** Whether every account of the enterprise has it. Only the operator of the sandbox approves. */
  hierarchy: z.enum(['off', 'requested', 'on']),
});

const zocksAppSchema = registeredAppSchema.extend({
  ...ownedSchema.shape,
  scopes: z.array(z.string()),
  isEnabled: z.boolean(),
});

/** An app as a program registers it. */
export const zocksAppInputSchema = appInputSchema.extend({ scopes: z.array(z.string()) });

export const zocksSnapshotSchema = z.object({
  enterprises: z.array(enterpriseSchema),
  accounts: z.array(accountSchema),
  people: z.array(personSchema),
  apps: z.array(zocksAppSchema),
  tokens: tokenSnapshotSchema,
});

export type ZocksAccount = z.infer<typeof accountSchema>;
export type Enterprise = z.infer<typeof enterpriseSchema>;
export type Person = z.infer<typeof personSchema>;
export type Owned = z.infer<typeof ownedSchema>;
export type ZocksApp = z.infer<typeof zocksAppSchema>;
export type ZocksAppInput = z.infer<typeof zocksAppInputSchema>;
type ZocksSnapshot = z.infer<typeof zocksSnapshotSchema>;

export interface ZocksState {
  enterprises: Map<string, Enterprise>;
  accounts: Map<string, ZocksAccount>;
  people: Map<string, Person>;
  /** By client id. */
  apps: Map<string, ZocksApp>;
  tokens: TokenState;
}

export function createZocksState(snapshot?: ZocksSnapshot): ZocksState {
  const enterprises = [...predefinedEnterprises, ...(snapshot?.enterprises ?? [])];
  const accounts = [...predefinedAccounts(), ...(snapshot?.accounts ?? [])];
  const people = [...predefinedPeople(), ...(snapshot?.people ?? [])];
  return {
    enterprises: new Map(enterprises.map((one) => [one.id, one])),
    accounts: new Map(accounts.map((one) => [one.id, one])),
    people: new Map(people.map((one) => [one.id, one])),
    apps: new Map(snapshot?.apps.map((app) => [app.clientId, app])),
    tokens: createTokenState(snapshot?.tokens),
  };
}

export function toZocksSnapshot(state: ZocksState): ZocksSnapshot {
  return {
    enterprises: [...state.enterprises.values()],
    accounts: [...state.accounts.values()],
    people: [...state.people.values()],
    apps: [...state.apps.values()],
    tokens: toTokenSnapshot(state.tokens),
  };
}

const ENTERPRISE = stableId('zocks:enterprise');
/** The account that has the apps a sandbox is started with. */
export const FIRST_ACCOUNT_ID = stableId('zocks:account');
const HARBOR = stableId('zocks:harbor');
const HOME_OFFICE = stableId('zocks:home-office');
const BIRCH = stableId('zocks:birch');

const predefinedEnterprises: Enterprise[] = [{ id: ENTERPRISE, name: 'Example Wealth' }];

/** In Harbor Planning the creation of apps is still switched off; Birch Financial stands alone. */
export function predefinedAccounts(): ZocksAccount[] {
  return [
    predefineAccount(FIRST_ACCOUNT_ID, 'Example Advisers', ENTERPRISE, true),
    predefineAccount(HARBOR, 'Harbor Planning', ENTERPRISE, false),
    predefineAccount(HOME_OFFICE, 'Example Wealth Home Office', ENTERPRISE, true),
    predefineAccount(BIRCH, 'Birch Financial', null, true),
  ];
}

function predefinedPeople(): Person[] {
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
