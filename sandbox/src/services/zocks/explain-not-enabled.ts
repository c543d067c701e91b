import type { AppDetails } from '../../state/registered-app.ts';
import type { Owned } from './records.ts';
import type { ZocksState } from './zocks-state.ts';

/** For the person who was sent here to allow the app; undefined: it is enabled. */
export function explainNotEnabled(
  { accounts }: Pick<ZocksState, 'accounts'>,
  app: Owned & { details: AppDetails; isEnabled: boolean },
): string | undefined {
  if (app.isEnabled) return undefined;
  const account = accounts.get(app.accountId)?.name ?? 'its account';
  return `${app.details.name} is not enabled, so nobody can allow it now. An Owner or Admin of ${account} can enable it in the Apps portal, under Settings → Integrations → Apps.`;
}
