import type { Run } from '../../start/run.ts';

/** Kills the app, and starts it again, to show what becomes of it; undefined where that concerns others. */
export type Crash = (() => Promise<void>) | undefined;

/**
 * Ends a run as `kill -9` would, as far as anybody outside can tell: the port, every connection and the
 * database are cut off at once. Nobody is told, nothing is drained, nothing that runs can record or send
 * anything any more, and what was claimed stays claimed.
 */
export async function dropRun(run: Run): Promise<void> {
  const { database, shopkeeper, server, closePort, log } = run;
  log.warn({}, 'The app is killed, as was wished on /play; another one starts in its place.');
  // What is dead says nothing, also of what it could no longer do.
  log.level = 'silent';
  closePort();
  server.closeAllConnections();
  await database.close();
  await shopkeeper.stop(0);
}
