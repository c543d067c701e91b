import { createTokenState, toTokenSnapshot } from '../../oauth/token-state.ts';
import type { TokenState } from '../../oauth/token-state.ts';
import {
  predefinedAccounts,
  predefinedEnterprises,
  predefinedPeople,
} from './predefined-people.ts';
import type { Enterprise, Person, ZocksAccount, ZocksApp, ZocksSnapshot } from './records.ts';

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
