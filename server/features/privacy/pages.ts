import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import type { Core } from '../../core.ts';
import { findOwned } from '../../installations/owned.ts';
import { nameOwner } from '../../store/tables/installation-owners.ts';
import { exportData } from './export-data.ts';

/** What is kept of everybody, and for how long. */
export function showPrivacy(core: Pick<Core, 'parts'>, _request: Request, response: Response) {
  const kept = core.parts.flatMap((part) => part.kept ?? []);
  const deletes = core.parts.flatMap((part) => part.deletes ?? []);
  response.render('privacy/privacy', { title: 'Privacy', kept, deletes });
}

/** The export as a file to download, sent as fast as the browser takes it, for as long as it has access. */
export async function sendExport(core: Core, request: Request, response: Response): Promise<void> {
  const { observe, installationOwners, now } = core;
  const installation = await findOwned(core, request);
  // A HEAD request takes nothing along.
  if (request.method === 'HEAD') return void response.type('json').end();
  const at = now();
  const ownerId = request.session.ownerId ?? '';
  const text = `Everything was exported by ${nameOwner(ownerId)}.`;
  await observe.note(installation.id, 'access', text);
  const day = new Date(at).toISOString().slice(0, 10);
  response.type('json').set('Cache-Control', 'no-store');
  response.attachment(`shopkeeper-${installation.subdomain ?? installation.id}-${day}.json`);
  try {
    const pieces = exportData(core, installation, at);
    const mayRead = () => installationOwners.owns(ownerId, installation.id);
    await pipeline(Readable.from(takeWhileAllowed(pieces, mayRead)), response);
  } catch (error) {
    // Too late for another answer: the connection is cut, and the browser sees a failed download.
    core.log.warn({ error, installationId: installation.id }, 'An export was cut off.');
  }
}

/** Asks before each piece: access may end while somebody downloads. */
async function* takeWhileAllowed(
  pieces: AsyncIterable<string>,
  mayRead: () => Promise<boolean>,
): AsyncGenerator<string> {
  for await (const piece of pieces) {
    if (!(await mayRead())) throw new Error('The access of this browser has ended.');
    yield piece;
  }
}
