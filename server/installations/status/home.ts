import type { Request, Response } from 'express';
import type { Core } from '../../core.ts';
import type { Installation } from '../../store/schema.ts';

/** The landing page: always 200, because Zendesk looks at it before it creates a webhook. */
export async function showHome(core: Core, request: Request, response: Response) {
  const owned = await listOwned(core, request);
  await renderHome(core, request, response, owned, ({ id }) => `/installations/${id}`);
}

/** The accounts of this browser, the newest first. */
export async function listOwned({ installations }: Core, { session: { ownerId } }: Request) {
  return ownerId === undefined ? [] : await installations.listOwnedBy(ownerId);
}

export async function renderHome(
  { parts }: Core,
  request: Request,
  response: Response,
  owned: readonly Installation[],
  hrefOf: (installation: Installation) => string,
): Promise<void> {
  response.render('home', {
    title: 'A bot for your Zendesk messaging',
    offer: await parts.find(({ home }) => home)?.home?.(request),
    installations: owned.map((installation) => {
      const { display_name: name, subdomain, status } = installation;
      return { href: hrefOf(installation), name, subdomain, status };
    }),
  });
}
