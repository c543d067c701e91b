import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { RequestHandler } from 'express';
import type { Log } from '../log.ts';
import type { Stores } from '../store/create-stores.ts';
import { exportData } from './export-data.ts';
import { ACCESS } from '../installations/access.ts';
import type { FindOwned } from '../installations/find-owned.ts';
import { nameOwner } from '../store/owners.ts';

/** The export as a file to download, sent as fast as the browser takes it. */
export function createSendExport(options: {
  findOwned: FindOwned;
  stores: Stores;
  now: () => number;
  log: Log;
}): RequestHandler {
  const { stores, now } = options;
  return async (request, response) => {
    const installation = await options.findOwned(request);
    const at = now();
    const who = nameOwner(request.session.ownerId ?? '');
    await stores.activity.add(installation.id, ACCESS, `Everything was exported by ${who}.`);
    const day = new Date(at).toISOString().slice(0, 10);
    response.type('json').set('Cache-Control', 'no-store');
    response.attachment(`shopkeeper-${installation.subdomain ?? installation.id}-${day}.json`);
    try {
      await pipeline(Readable.from(exportData(stores, installation, at)), response);
    } catch (error) {
      // Too late for another answer: the connection is cut, and the browser sees a failed download.
      options.log.warn({ error, installationId: installation.id }, 'An export was cut off.');
    }
  };
}
