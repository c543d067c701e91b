import type { RequestHandler } from 'express';
import { createFindOwned } from '../installations/find-owned.ts';
import type { LeaveZendesk } from '../installations/leave-zendesk.ts';
import type { Log } from '../log.ts';
import type { Stores } from '../store/create-stores.ts';
import type { ZendeskUrls } from '../zendesk/base-url.ts';
import { createDeleteData } from './delete-data.ts';
import { createDeletePages } from './delete-pages.ts';
import { createSendExport } from './send-export.ts';

/** What is kept and for how long; and for an owner, what is kept of an account: to take along, and to delete. */
export function createPrivacy(options: {
  stores: Stores;
  leaveZendesk: LeaveZendesk;
  urls: ZendeskUrls;
  now: () => number;
  log: Log;
}) {
  const { stores, urls } = options;
  const { installations, connections } = stores;
  const findOwned = createFindOwned(stores);
  const deleteData = createDeleteData({ ...options, installations });
  const showPrivacy: RequestHandler = (_request, response) =>
    response.render('privacy', { title: 'Privacy' });

  return {
    showPrivacy,
    sendExport: createSendExport({ ...options, findOwned }),
    ...createDeletePages({ findOwned, deleteData, connections, urls }),
  };
}
