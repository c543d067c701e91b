import type { Portal } from '../create-portal.ts';
import type { PortalApp } from '../records.ts';

/** Who has allowed the app what. */
export function listHolders({ apps, people, permissions }: Portal, app: PortalApp) {
  return apps.listGrants(app).map(({ userId, scopes, authorizedAt }) => {
    const person = people.find(userId);
    const account = person && permissions.accountOf(person).name;
    return { name: person?.name ?? userId, account, scopes, since: authorizedAt };
  });
}
