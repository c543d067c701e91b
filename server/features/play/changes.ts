import type { Request, Response } from 'express';
import type { Core } from '../../core.ts';
import { notFound } from '../../errors.ts';
import type { Journal } from './journal.ts';
import { findPlayed } from './played.ts';

/** Keeps proxies from closing a silent connection, and shows the page that it gets through. */
const ALIVE = 'event: alive\ndata\n\n';
const ALIVE_EVERY_MS = 5_000;
/** Changes so close together are one. */
const GATHER_MS = 30;
const STREAMS_PER_ACCOUNT = 20;

/** Tells the page, by server-sent events, each time that the journeys of its account have changed. */
export function createSendChanges() {
  const open = new Map<string, number>();

  return async function sendChanges(
    core: Core & { journal: Journal },
    request: Request,
    response: Response,
  ): Promise<void> {
    const { id } = (await findPlayed(core, request)) ?? {};
    if (id === undefined) throw notFound();
    const streams = open.get(id) ?? 0;
    if (request.method === 'HEAD' || streams >= STREAMS_PER_ACCOUNT)
      return void response.status(request.method === 'HEAD' ? 200 : 429).end();
    if (response.destroyed) return;
    open.set(id, streams + 1);
    response.set({
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store, no-transform',
      'X-Accel-Buffering': 'no',
    });
    response.write(`retry: 1000\n${ALIVE}`);
    let gathering: NodeJS.Timeout | undefined;
    const unfollow = core.journal.follow(id, () => {
      gathering ??= setTimeout(() => {
        gathering = undefined;
        response.write('data: changed\n\n');
      }, GATHER_MS);
    });
    const timer = setInterval(() => response.write(ALIVE), ALIVE_EVERY_MS);
    response.on('close', () => {
      unfollow();
      clearInterval(timer);
      clearTimeout(gathering);
      const left = (open.get(id) ?? 1) - 1;
      if (left === 0) open.delete(id);
      else open.set(id, left);
    });
  };
}
