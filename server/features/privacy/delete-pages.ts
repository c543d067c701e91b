import type { RequestHandler } from 'express';
import type { ConnectionStore } from '../connections/store/connections.ts';
import type { Installation } from '../../store/schema.ts';
import { ensureOwnerId, flash } from '../../web/sessions.ts';
import { adminCenterUrl, type ZendeskUrls } from '../../zendesk/base-url.ts';
import type { FindOwned } from '../../installations/find-owned.ts';

/** "Delete this account's data": the page that says what will happen, and the button on it. */
export function createDeletePages(options: {
  findOwned: FindOwned;
  /** Returns whether Zendesk knows: if not, the bot is still installed there. */
  deleteData: (installation: Installation, ownerId: string) => Promise<boolean>;
  connections: ConnectionStore;
  urls: ZendeskUrls;
}) {
  const { findOwned } = options;

  const showDelete: RequestHandler = async (request, response) => {
    const { id, display_name: name, subdomain, status } = await findOwned(request);
    response.render('privacy/delete', {
      title: 'Delete this account’s data',
      installation: { id, name, subdomain, status },
      connections: await options.connections.list(id),
      adminCenterHref: adminCenterUrl(options.urls, subdomain),
    });
  };

  const deleteData: RequestHandler = async (request, response) => {
    const installation = await findOwned(request);
    const name = installation.display_name;
    const isRevoked = await options.deleteData(installation, ensureOwnerId(request));
    delete request.session.lastAuthorized;
    if (isRevoked) {
      flash(request, 'ok', `Everything stored of ${name} was deleted, and the bot was removed.`);
    } else {
      const rest =
        'Zendesk could not be told, so remove the bot there as well: ' +
        'in Admin Center, under AI › AI agents › Marketplace bots.';
      flash(request, 'problem', `Everything stored of ${name} was deleted here. ${rest}`);
    }
    response.redirect(303, '/');
  };

  return { showDelete, deleteData };
}
