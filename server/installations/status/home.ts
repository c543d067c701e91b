import type { Request, Response } from 'express';
import type { Core } from '../../core.ts';

/** The landing page: always 200, because Zendesk looks at it before it creates a webhook. */
export async function showHome(core: Core, request: Request, response: Response) {
  const { ownerId } = request.session;
  const owned = ownerId === undefined ? [] : await core.installations.listOwnedBy(ownerId);
  response.render('home', {
    title: 'A bot for your Zendesk messaging',
    installations: owned.map(({ id, display_name: name, subdomain, status }) => ({
      id,
      name,
      subdomain,
      status,
    })),
  });
}

/** The Configuration URL: Zendesk sends an admin here without saying which account it is about. */
export async function showSettings(core: Core, request: Request, response: Response) {
  const { ownerId } = request.session;
  const owned = ownerId === undefined ? [] : await core.installations.listOwnedBy(ownerId);
  const [only] = owned;
  if (only === undefined || owned.length > 1) return await showHome(core, request, response);
  response.redirect(303, `/installations/${only.id}`);
}
