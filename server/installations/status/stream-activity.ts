import type { Request, Response } from 'express';
import { z } from 'zod';
import type { ActivityLog } from '../../store/tables/activity-log.ts';
import { nameActivity } from './name-activity.ts';

/** Finds lines of other instances, and keeps proxies from closing a silent connection. */
const POLL_MS = 2_000;
const MAX_LINES = 100;

const LastSeen = z.coerce.number().int().nonnegative().catch(0);

/** More than anybody has tabs open to look at. */
const STREAMS_PER_OWNER = 20;

/** Ends the oldest stream of an owner who opens one too many. */
export function createStreamLimit() {
  const open = new Map<string, Set<Response>>();
  return (ownerId: string, response: Response): void => {
    const streams = open.get(ownerId) ?? new Set();
    open.set(ownerId, streams.add(response));
    response.on('close', () => {
      streams.delete(response);
      if (streams.size === 0) open.delete(ownerId);
    });
    const [oldest] = streams;
    if (streams.size > STREAMS_PER_OWNER) oldest?.end();
  };
}

/**
 * An installation's activity after the line the browser has: as server-sent events, or as JSON for
 * browsers (and proxies) that cannot stream.
 */
export async function streamActivity(
  request: Request,
  response: Response,
  options: {
    activityLog: ActivityLog;
    installationId: string;
    /** Asked with every look: access may end while somebody watches. */
    mayWatch: () => Promise<boolean>;
    onError: (error: unknown) => void;
    /** Told of each stream that begins. */
    onOpen?: (response: Response) => void;
  },
): Promise<void> {
  const { activityLog, installationId } = options;
  let lastId = LastSeen.parse(request.get('Last-Event-ID') ?? request.query['after']);
  response.set('Cache-Control', 'no-store');
  // A HEAD has no body, so a stream for it would be an answer that never comes.
  const findNew = async () => {
    const lines = await activityLog.listAfter(installationId, lastId, MAX_LINES);
    return lines.map((line) => ({ ...line, name: nameActivity(line.kind) }));
  };
  const isStream = request.method === 'GET' && request.get('Accept')?.includes('text/event-stream');
  if (!isStream) {
    response.json(await findNew());
    return;
  }

  // Gone while we looked up whose it is: its `close` below would never come.
  if (response.destroyed) return;
  options.onOpen?.(response);
  response.set({
    'Content-Type': 'text/event-stream',
    // Who compresses on the way would wait for more to compress, and nginx for more to send.
    'Cache-Control': 'no-store, no-transform',
    'X-Accel-Buffering': 'no',
  });
  // A proxy that holds streams back shows by what does not arrive, and comments do not reach a script.
  const alive = 'event: alive\ndata\n\n';
  response.write(`retry: 2000\n${alive}`);
  async function sendNew(): Promise<void> {
    if (!(await options.mayWatch())) return void response.end();
    for (const line of await findNew()) {
      lastId = line.id;
      response.write(`id: ${line.id}\ndata: ${JSON.stringify(line)}\n\n`);
    }
    response.write(alive);
  }
  // One look at a time, or two of them would send the same lines.
  let looking = Promise.resolve();
  const look = () => {
    looking = looking.then(sendNew).catch(options.onError);
  };
  const unsubscribe = activityLog.subscribe(installationId, look);
  const timer = setInterval(look, POLL_MS);
  response.on('close', () => {
    unsubscribe();
    clearInterval(timer);
  });
  look();
}
