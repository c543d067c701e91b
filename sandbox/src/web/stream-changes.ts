import type { Request, Response } from 'express';
import type { Change, Changes } from '../state/changes.ts';

/** Tells the page that the stream gets through, at once and then so often. */
const ALIVE = 'event: alive\ndata\n\n';
const ALIVE_EVERY_MS = 5_000;
/** Changes so close together reach the browser as one. */
const GATHER_MS = 40;

/** Tells the browser, by server-sent events, each time something it shows has changed. */
export function streamChanges(
  changes: Changes,
  concerns: (change: Change) => boolean,
  request: Request,
  response: Response,
): void {
  let gathering: NodeJS.Timeout | undefined;
  response.set({
    'Content-Type': 'text/event-stream',
    // Who compresses on the way would wait for more to compress.
    'Cache-Control': 'no-store, no-transform',
    // Proxies would keep the news until there is a bufferful.
    'X-Accel-Buffering': 'no',
  });
  response.write(`retry: 2000\n${ALIVE}`);
  const heartbeat = setInterval(() => response.write(ALIVE), ALIVE_EVERY_MS);
  const unsubscribe = changes.subscribe((change) => {
    if (!concerns(change)) return;
    gathering ??= setTimeout(() => {
      gathering = undefined;
      response.write('data: changed\n\n');
    }, GATHER_MS);
  });
  request.on('close', () => {
    unsubscribe();
    clearInterval(heartbeat);
    clearTimeout(gathering);
  });
}
