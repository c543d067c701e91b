import { isWebAddress } from '../../state/web-address.ts';
import type { PortalState } from './portal-state.ts';

/** The marketplace bots that can be installed, each with its site and where an installation begins there. */
export function listBots({ apps }: Pick<PortalState, 'apps'>) {
  return [...apps.values()].flatMap(
    ({ platform, isEnabled, details, redirectUris, installUrl }) => {
      const [address = ''] = redirectUris;
      if (platform !== 'zendesk' || !isEnabled || !isWebAddress(address)) return [];
      const href = `${new URL(address).origin}/`;
      return [{ name: details.name, href, installHref: installUrl ?? href }];
    },
  );
}
