import type { Request, Response } from 'express';
import type { Core } from '../../core.ts';
import type { Installation } from '../../store/schema.ts';

/** The landing page: always 200, because Zendesk looks at it before it creates a webhook. */
export async function showHome(core: Core, request: Request, response: Response) {
  renderHome(response, await listOwned(core, request));
}

/** The Configuration URL: Zendesk sends an admin here without saying which account it is about. */
export async function showSettings(core: Core, request: Request, response: Response) {
  const owned = await listOwned(core, request);
  const [only] = owned;
  if (only === undefined || owned.length > 1) return renderHome(response, owned);
  response.redirect(303, `/installations/${only.id}`);
}

async function listOwned({ installations }: Core, { session: { ownerId } }: Request) {
  return ownerId === undefined ? [] : await installations.listOwnedBy(ownerId);
}

function renderHome(response: Response, owned: readonly Installation[]): void {
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
