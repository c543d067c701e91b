import { findAppOf } from '../services/portal/portal-state.ts';
import type { App } from '../services/portal/records.ts';
import type { State } from '../state/state.ts';

/** The app of the Apps portal that is this client of Zendesk. */
export function findBot(state: Pick<State, 'portal'>, clientId: string): App | undefined {
  return findAppOf(state.portal, 'zendesk', clientId);
}
