import type { RequestHandler } from 'express';
import { createFindOwned } from '../../installations/find-owned.ts';
import { deleteData, type Leaving } from '../../installations/uninstall/disconnect.ts';
import type { Log } from '../../log.ts';
import type { Stores } from '../../store/create-stores.ts';
import type { ZendeskUrls } from '../../zendesk/base-url.ts';
import { createDeletePages } from './delete-pages.ts';
import { createSendExport } from './send-export.ts';

/** What is kept and for how long; and for an owner, what is kept of an account: to take along, and to delete. */
export function createPrivacy(options: {
  stores: Stores;
  leaving: Leaving;
  urls: ZendeskUrls;
  now: () => number;
  log: Log;
}) {
  const { stores, urls } = options;
  const { connections } = stores;
  const findOwned = createFindOwned(stores);
  const showPrivacy: RequestHandler = (_request, response) =>
    response.render('privacy/privacy', { title: 'Privacy' });

  return {
    showPrivacy,
    sendExport: createSendExport({ ...options, findOwned }),
    ...createDeletePages({
      findOwned,
      deleteData: (installation, ownerId) => deleteData(options.leaving, installation, ownerId),
      connections,
      urls,
    }),
  };
}
