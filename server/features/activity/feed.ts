import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Core } from '../../core.ts';
import { findOwned } from '../../installations/owned.ts';
import type { ActivityLog } from './activity-log.ts';

/** Finds lines of other instances, and keeps proxies from closing a silent connection. */
const POLL_MS = 2_000;
const MAX_LINES = 100;
/** More than anybody has tabs open to look at. */
const STREAMS_PER_OWNER = 20;

const LastSeen = z.coerce.number().int().nonnegative().catch(0);

/** A kind of ours as words, such as “Remove callback”; Zendesk's, such as `user:merge`, speak for themselves. */
export function nameActivity(kind: string): string {
  if (kind.includes(':')) return kind;
  if (kind === 'revoked') return 'Access revoked';
  return `${kind.charAt(0).toUpperCase()}${kind.slice(1).replaceAll('-', ' ')}`;
}

/**
 * An installation's activity after the line the browser has: as server-sent events, or as JSON for
 * browsers (and proxies) that cannot stream.
 */
export function createActivityFeed() {
  const open = new Map<string, Set<Response>>();

  /** Ends the oldest stream of an owner who opens one too many. */
  function limitStreams(ownerId: string, response: Response): void {
    const streams = open.get(ownerId) ?? new Set();
    open.set(ownerId, streams.add(response));
    response.on('close', () => {
      streams.delete(response);
      if (streams.size === 0) open.delete(ownerId);
    });
    const [oldest] = streams;
    if (streams.size > STREAMS_PER_OWNER) oldest?.end();
  }

  return async function sendActivity(
    core: Pick<Core, 'installations' | 'installationOwners' | 'log'> & {
      activityLog: Pick<ActivityLog, 'listAfter' | 'subscribe'>;
    },
    request: Request,
    response: Response,
  ): Promise<void> {
    const { id } = await findOwned(core, request);
    const { ownerId = '' } = request.session;
    let lastId = LastSeen.parse(request.get('Last-Event-ID') ?? request.query['after']);
    response.set('Cache-Control', 'no-store');
    async function findNew() {
      const lines = await core.activityLog.listAfter(id, lastId, MAX_LINES);
      return lines.map((line) => ({ ...line, name: nameActivity(line.kind) }));
    }
    // A HEAD has no body, so a stream for it would be an answer that never comes.
    const wantsStream = request.get('Accept')?.includes('text/event-stream');
    if (request.method !== 'GET' || !wantsStream) return void response.json(await findNew());

    // Gone while we looked up whose it is: its `close` below would never come.
    if (response.destroyed) return;
    limitStreams(ownerId, response);
    response.set({
      'Content-Type': 'text/event-stream',
      // A proxy that compresses would wait for more to compress, and nginx for more to send.
      'Cache-Control': 'no-store, no-transform',
      'X-Accel-Buffering': 'no',
    });
    // A proxy that holds streams back shows by what does not arrive, and comments do not reach a script.
    const alive = 'event: alive\ndata\n\n';
    response.write(`retry: 2000\n${alive}`);
    async function sendNew(): Promise<void> {
      // Access may end while somebody watches.
      if (!(await core.installationOwners.owns(ownerId, id))) return void response.end();
      const lines = await findNew();
      for (const line of lines) {
        lastId = line.id;
        response.write(`id: ${line.id}\ndata: ${JSON.stringify(line)}\n\n`);
      }
      response.write(alive);
      if (lines.length === MAX_LINES) look();
    }
    const { requestId } = response.locals;
    // One look at a time, or two of them would send the same lines, and one more for all that comes meanwhile.
    let looking = Promise.resolve();
    let isAsked = false;
    function look(): void {
      if (isAsked) return;
      isAsked = true;
      looking = looking.then(lookNow).catch((error: unknown) => {
        const text = 'The live feed was interrupted.';
        core.log.warn({ error, requestId, installationId: id }, text);
      });
    }
    function lookNow(): Promise<void> {
      isAsked = false;
      return sendNew();
    }
    const unsubscribe = core.activityLog.subscribe(id, look);
    const timer = setInterval(look, POLL_MS);
    response.on('close', () => {
      unsubscribe();
      clearInterval(timer);
    });
    look();
  };
}
