import type { Request, Response } from 'express';
import type { Core } from '../../core.ts';
import { ensureOwnerId, flash } from '../../web/sessions.ts';
import { adminCenterUrl } from '../../zendesk/urls.ts';
import { findOwned } from '../owned.ts';
import { deleteData, disconnect } from './uninstall.ts';

/** The button that disconnects. */
export async function disconnectAccount(core: Core, request: Request, response: Response) {
  const installation = await findOwned(core, request);
  const name = installation.display_name;
  // Offered by the page of a failure: it works without Zendesk.
  const href = `/installations/${installation.id}/delete`;
  response.locals['wayOut'] = { href, text: 'Delete this account’s data here' };
  await disconnect(core, installation, ensureOwnerId(request));
  flash(request, 'ok', `${name} is disconnected. Everything stored of it was deleted.`);
  response.redirect(303, '/');
}

/** "Delete this account's data": the page that says what will happen. */
export async function showDelete(core: Core, request: Request, response: Response) {
  const installation = await findOwned(core, request);
  const { id, display_name: name, subdomain, status } = installation;
  const lines = core.parts.map(async ({ describeData }) => (await describeData?.(id)) ?? []);
  response.render('installations/delete', {
    title: 'Delete this account’s data',
    installation: { id, name, subdomain, status },
    lines: (await Promise.all(lines)).flat(),
    views: core.parts.flatMap(({ deletionView }) => deletionView ?? []),
    adminCenterHref: adminCenterUrl(core.config.zendesk, subdomain),
  });
}

/** The button on that page. */
export async function deleteAccount(core: Core, request: Request, response: Response) {
  const installation = await findOwned(core, request);
  const name = installation.display_name;
  const isRevoked = await deleteData(core, installation, ensureOwnerId(request));
  if (isRevoked) {
    flash(request, 'ok', `Everything stored of ${name} was deleted, and the bot was removed.`);
  } else {
    const rest =
      'Zendesk could not be told, so remove the bot there as well: ' +
      'in Admin Center, under AI › AI agents › Marketplace bots.';
    flash(request, 'problem', `Everything stored of ${name} was deleted here. ${rest}`);
  }
  response.redirect(303, '/');
}
