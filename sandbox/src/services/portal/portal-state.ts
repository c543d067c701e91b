import {
  predefinedEnterprises,
  predefinedPeople,
  predefinedPortalAccounts,
} from './predefined-people.ts';
import type { App, Draft, Enterprise, Person, PortalAccount, PortalSnapshot } from './records.ts';

export interface PortalState {
  enterprises: Map<string, Enterprise>;
  accounts: Map<string, PortalAccount>;
  people: Map<string, Person>;
  /** By client id. */
  apps: Map<string, App>;
  /** By the id of the person who writes it. */
  drafts: Map<string, Draft>;
}

/** `oldApps` are those of a snapshot from before there was a portal. */
export function createPortalState(snapshot?: PortalSnapshot, oldApps: App[] = []): PortalState {
  const enterprises = [...predefinedEnterprises, ...(snapshot?.enterprises ?? [])];
  const accounts = [...predefinedPortalAccounts(), ...(snapshot?.accounts ?? [])];
  const people = [...predefinedPeople(), ...(snapshot?.people ?? [])];
  const apps = snapshot?.apps ?? oldApps;
  return {
    enterprises: new Map(enterprises.map((one) => [one.id, one])),
    accounts: new Map(accounts.map((one) => [one.id, one])),
    people: new Map(people.map((one) => [one.id, one])),
    apps: new Map(apps.map((app) => [app.clientId, app])),
    drafts: new Map(snapshot?.drafts.map((draft) => [draft.personId, draft])),
  };
}

export function toPortalSnapshot(state: PortalState): PortalSnapshot {
  return {
    enterprises: [...state.enterprises.values()],
    accounts: [...state.accounts.values()],
    people: [...state.people.values()],
    apps: [...state.apps.values()],
    drafts: [...state.drafts.values()],
  };
}

/** The app as it works at one of the two platforms; a client id means nothing at the other. */
export function findAppOf(
  { apps }: Pick<PortalState, 'apps'>,
  platform: App['platform'],
  clientId: string,
): App | undefined {
  const app = apps.get(clientId);
  return app?.platform === platform ? app : undefined;
}
