import type { Stats } from 'node:fs';
import { once } from 'node:events';
import { watch, type ChokidarOptions } from 'chokidar';
import { codeOf, messageOf } from '../../errors.ts';

/** An editor writes a file in several steps, and several files at once. */
export const SETTLES_WITHIN_MS = 100;
/** Without a limit of the system's, but each look costs something. */
const LOOK: ChokidarOptions = { usePolling: true, interval: 500, binaryInterval: 500 };
/** What a system says that lets its user follow no more files: editors follow whole folders, too. */
const LIMITS = new Set(['ENOSPC', 'EMFILE']);

/**
 * Calls with each file of these folders that changes from now on; where the system has no room to tell of that,
 * they are looked at again and again. Returns what ends it.
 */
export async function followFiles(
  folders: readonly string[],
  tell: (text: string) => void,
  onChange: (path: string, stats: Stats | undefined) => void,
): Promise<() => Promise<void>> {
  try {
    return await begin();
  } catch (error) {
    if (!LIMITS.has(codeOf(error) ?? '')) throw error;
    tell(
      `The system tells of no more files (${codeOf(error)}), so they are looked at twice a second. On Linux it tells of more after: sudo sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512`,
    );
    return await begin(LOOK);
  }

  async function begin(options: ChokidarOptions = {}) {
    const watcher = watch([...folders], { ignoreInitial: true, alwaysStat: true, ...options });
    let isReady = false;
    // It goes on with the others, and says of each what it cannot follow.
    watcher.on('error', (error) => {
      if (isReady) tell(`A file is not followed: ${messageOf(error)}`);
    });
    watcher.on('all', (_, path, stats) => onChange(path, stats));
    try {
      await once(watcher, 'ready');
    } catch (error) {
      await watcher.close();
      throw error;
    }
    isReady = true;
    return () => watcher.close();
  }
}
