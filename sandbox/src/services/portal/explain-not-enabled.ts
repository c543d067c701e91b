import type { PortalState } from './portal-state.ts';
import type { App } from './records.ts';

/** For the person who was sent here to allow the app; undefined: it is enabled. */
export function explainNotEnabled({ accounts }: PortalState, app: App): string | undefined {
  if (app.isEnabled) return undefined;
  const account = accounts.get(app.accountId)?.name ?? 'its account';
  return `${app.details.name} is not enabled, so nobody can allow it now. An Owner or Admin of ${account} can enable it in the Apps portal, under Settings → Integrations → Apps.`;
}
