import { Router } from 'express';
import type { Core } from '../../core.ts';
import { bindTo } from '../../web/handlers.ts';
import type { Feature, FeatureParts } from '../feature.ts';
import { describeAccess, removeAccess } from './who-has-access.ts';

/** Which browsers may open an account's pages, and a button that ends the access of another one. */
export const access: Feature = { name: 'access', open };

function open(core: Core): FeatureParts {
  const pages = Router();
  pages.post('/installations/:id/access/remove', core.form, bindTo(core)(removeAccess));
  return {
    pages,
    async settingsCards({ id }, { session }) {
      const browsers = await describeAccess(core, id, session.ownerId);
      const locals = { basePath: `/installations/${id}`, access: browsers };
      return [{ place: 'settings', view: 'access/sections/access', locals }];
    },
  };
}
