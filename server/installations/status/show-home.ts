import type { RequestHandler } from 'express';
import type { InstallationStore } from '../../store/tables/installations.ts';

/** The landing page: always 200, because Zendesk looks at it before it creates a webhook. */
export function createShowHome({
  installations,
}: {
  installations: InstallationStore;
}): RequestHandler {
  return async (request, response) => {
    const { ownerId } = request.session;
    const owned = ownerId === undefined ? [] : await installations.listOwnedBy(ownerId);
    response.render('home', {
      title: 'A bot for your Zendesk messaging',
      installations: owned.map(({ id, display_name: name, subdomain, status }) => ({
        id,
        name,
        subdomain,
        status,
      })),
    });
  };
}

/** The Configuration URL: Zendesk sends an admin here without saying which account it is about. */
export function createShowSettings(options: {
  installations: InstallationStore;
  showHome: RequestHandler;
}): RequestHandler {
  return async (request, response, next) => {
    const { ownerId } = request.session;
    const owned = ownerId === undefined ? [] : await options.installations.listOwnedBy(ownerId);
    const [only] = owned;
    if (only !== undefined && owned.length === 1)
      return response.redirect(303, `/installations/${only.id}`);
    return options.showHome(request, response, next);
  };
}
