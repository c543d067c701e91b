import type { Request, Response } from 'express';
import type { Core } from '../../core.ts';
import { findOwned } from '../../installations/owned.ts';
import { keptText, uninstallForOwner } from '../../installations/uninstall/uninstall.ts';
import type { Installation } from '../../store/schema.ts';
import { nameOwner } from '../../store/tables/installation-owners.ts';
import { ensureOwnerId, flash } from '../../web/sessions.ts';
import { adminCenterUrl } from '../../zendesk/urls.ts';

/** "Delete this account's data": the page that says what will happen. */
export async function showDeletion(core: Core, request: Request, response: Response) {
  const installation = await findOwned(core, request);
  const { id, display_name: name, subdomain, status } = installation;
  const lines = core.parts.map(async ({ describeData }) => (await describeData?.(id)) ?? []);
  response.render('deletion/delete', {
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
  const { isDeleted, isRevoked } = await deleteData(core, installation, ensureOwnerId(request));
  if (!isDeleted) {
    flash(request, 'problem', keptText(name));
  } else if (isRevoked) {
    flash(request, 'ok', `Everything stored of ${name} was deleted, and the bot was removed.`);
  } else {
    const rest =
      'Zendesk could not be told, so remove the bot there as well: ' +
      'in Admin Center, under AI › AI agents › Marketplace bots.';
    flash(request, 'problem', `Everything stored of ${name} was deleted here. ${rest}`);
  }
  response.redirect(303, '/');
}

/**
 * Deletes everything stored of an installation, also when Zendesk cannot be told: whoever asks for that
 * must not have to wait for anybody. `isDeleted`: unless the account was connected again meanwhile; `isRevoked`:
 * whether Zendesk knows; if not, the bot is still installed there.
 */
async function deleteData(core: Core, installation: Installation, ownerId: string) {
  const { id: installationId, display_name: name } = installation;
  const text = `The data of ${name} was deleted by its owner, ${nameOwner(ownerId)}.`;
  let isRevoked = true;
  const isDeleted = await uninstallForOwner(core, installation, text, async (error) => {
    core.log.warn({ error, installationId }, 'Zendesk was not told of a deletion.');
    isRevoked = false;
  });
  return { isDeleted, isRevoked };
}
