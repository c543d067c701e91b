import type { Request, Response } from 'express';
import type { Core } from '../../core.ts';
import type { Installation } from '../../store/schema.ts';

/** The landing page: always 200, because Zendesk looks at it before it creates a webhook. */
export async function showHome(core: Core, request: Request, response: Response) {
  await renderHome(core, request, response, await listOwned(core, request), pathOf);
}

/** The Configuration URL: Zendesk sends an admin here without saying which account it is about. */
export async function showSettings(core: Core, request: Request, response: Response) {
  const owned = await listOwned(core, request);
  const [only] = owned;
  const configured = core.parts.find(({ configurationPath }) => configurationPath);
  // One that is not connected has something else to be done, which its page says.
  const hrefOf = (installation: Installation) =>
    (installation.status === 'active' && configured?.configurationPath?.(installation)) ||
    pathOf(installation);
  if (only === undefined || owned.length > 1)
    return await renderHome(core, request, response, owned, hrefOf);
  response.redirect(303, hrefOf(only));
}

const pathOf = ({ id }: Installation): string => `/installations/${id}`;

async function listOwned({ installations }: Core, { session: { ownerId } }: Request) {
  return ownerId === undefined ? [] : await installations.listOwnedBy(ownerId);
}

async function renderHome(
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
