import type { App } from '../services/portal/records.ts';
import { toBotApp, toZocksApp } from '../services/portal/registered-apps.ts';
import type { Snapshot } from './records.ts';

/** The apps of a snapshot from before there was a portal, when Zendesk and Zocks kept their own. */
export function importOldApps({ clients = [], zocks }: Snapshot): App[] {
  return [...clients.map(toBotApp), ...(zocks?.apps ?? []).map(toZocksApp)];
}
