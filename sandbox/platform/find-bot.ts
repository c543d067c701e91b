import { findAppOf } from '../portal/portal-state.ts';
import type { App } from '../portal/records.ts';
import type { State } from '../state/state.ts';

/** The app of the Apps portal that is this client of Zendesk. */
export function findBot(state: Pick<State, 'portal'>, clientId: string): App | undefined {
  return findAppOf(state.portal, 'zendesk', clientId);
}
