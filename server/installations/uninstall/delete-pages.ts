import type { RequestHandler } from 'express';
import type { Core } from '../../core.ts';
import { ensureOwnerId, flash } from '../../web/sessions.ts';
import { adminCenterUrl } from '../../zendesk/urls.ts';
import type { FindOwned } from '../find-owned.ts';
import { deleteData as deleteDataOf, type Leaving } from './disconnect.ts';

/** "Delete this account's data": the page that says what will happen, and the button on it. */
export function createDeletePages(options: {
  core: Pick<Core, 'config' | 'parts'>;
  findOwned: FindOwned;
  leaving: Leaving;
}) {
  const { core, findOwned } = options;

  const showDelete: RequestHandler = async (request, response) => {
    const installation = await findOwned(request);
    const { id, display_name: name, subdomain, status } = installation;
    const lines = core.parts.map(async ({ describeData }) => (await describeData?.(id)) ?? []);
    const cards = core.parts.map(async (part) => (await part.cards?.(installation)) ?? []);
    response.render('installations/delete', {
      title: 'Delete this account’s data',
      installation: { id, name, subdomain, status },
      lines: (await Promise.all(lines)).flat(),
      cards: (await Promise.all(cards)).flat(),
      adminCenterHref: adminCenterUrl(core.config.zendesk, subdomain),
    });
  };

  const deleteData: RequestHandler = async (request, response) => {
    const installation = await findOwned(request);
    const name = installation.display_name;
    const isRevoked = await deleteDataOf(options.leaving, installation, ensureOwnerId(request));
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
