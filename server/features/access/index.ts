import { Router } from 'express';
import type { Core } from '../../core.ts';
import { nameOwner } from '../../store/tables/installation-owners.ts';
import { bindTo } from '../../web/handlers.ts';
import type { Feature, FeatureParts } from '../feature.ts';
import { accessMigration } from './schema.ts';
import { offerSignOut, signOut } from './sign-out.ts';
import { endUnusedAccess, followVisits } from './visits.ts';
import { describeAccess, removeAccess } from './who-has-access.ts';

/**
 * Which browsers may open an account's pages: who came, a list of them, and how the access of one ends, by
 * signing out, with a button of another one, or a year after its last visit.
 */
export const access: Feature = {
  name: 'access',
  migrations: { '0001-initial': accessMigration },
  open,
};

function open(core: Core): FeatureParts {
  const to = bindTo(core);
  const pages = Router();
  pages.post('/sign-out', core.form, to(signOut));
  pages.post('/installations/:id/access/remove', core.form, to(removeAccess));
  return {
    beforePages: Router().use(offerSignOut, followVisits(core)),
    pages,
    observer: {
      async grant(installationId, ownerId) {
        const others = (await core.installationOwners.list(installationId)).length - 1;
        if (others === 0) return;
        const text = `A new ${nameOwner(ownerId)} got access by installing the bot again.`;
        await core.observe.note(installationId, 'access', text);
      },
    },
    async settingsCards({ id }, { session }) {
      const browsers = await describeAccess(core, id, session.ownerId);
      const locals = { basePath: `/installations/${id}`, access: browsers };
      return [{ place: 'settings', view: 'access/sections/access', locals }];
    },
    deleteOld: () => endUnusedAccess(core),
  };
}
