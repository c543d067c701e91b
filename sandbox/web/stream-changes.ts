import type { Request, Response } from 'express';
import type { Change, Changes } from '../state/changes.ts';

const HEARTBEAT_MS = 25_000;
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
    'Cache-Control': 'no-store',
    // Proxies would keep the news until there is a bufferful.
    'X-Accel-Buffering': 'no',
  });
  response.flushHeaders();
  const heartbeat = setInterval(() => response.write(':\n\n'), HEARTBEAT_MS);
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
