import { Router, type Request, type Response } from 'express';
import type { Core } from '../../core.ts';
import { createFindOwned } from '../../installations/find-owned.ts';
import { limitPerMinute } from '../../web/rate-limits.ts';
import type { Feature } from '../feature.ts';
import { createSendExport } from './send-export.ts';

/** What is kept and for how long; and for an owner, all of it to take along. */
export const privacy: Feature = {
  name: 'privacy',
  footerLink: { href: '/privacy', text: 'Privacy' },
  open(core: Core) {
    const sendExport = createSendExport(core, createFindOwned(core));
    const pages = Router();
    pages.get('/privacy', showPrivacy);
    pages.get('/installations/:id/export', limitPerMinute(10), sendExport);
    return {
      pages,
      cards: async ({ id }) => {
        const locals = { basePath: `/installations/${id}` };
        return [
          { place: 'side', view: 'privacy/sections/data', locals },
          { place: 'before-deletion', view: 'privacy/sections/keep-a-copy', locals },
        ];
      },
    };
  },
};

function showPrivacy(_request: Request, response: Response): void {
  response.render('privacy/privacy', { title: 'Privacy' });
}
