import { Router } from 'express';
import type { Core } from '../../core.ts';
import { bindTo } from '../../web/handlers.ts';
import { limitPerMinute } from '../../web/rate-limits.ts';
import type { Feature, FeatureParts } from '../feature.ts';
import { sendExport, showPrivacy } from './pages.ts';

/** What is kept and for how long; and for an owner, all of it to take along. */
export const privacy: Feature = {
  name: 'privacy',
  footerLink: { href: '/privacy', text: 'Privacy' },
  portalAddress: { field: 'Privacy policy URL', path: '/privacy' },
  open,
};

function open(core: Core): FeatureParts {
  const to = bindTo(core);
  const pages = Router();
  pages.get('/privacy', to(showPrivacy));
  pages.get('/installations/:id/export', limitPerMinute(10), to(sendExport));
  return {
    pages,
    settingsCards: async ({ id }) => [
      {
        place: 'settings',
        view: 'privacy/sections/data',
        locals: { basePath: `/installations/${id}` },
      },
    ],
    deletionView: 'privacy/sections/keep-a-copy',
  };
}
