import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

export type WorldFiles = ReturnType<typeof createWorldFiles>;

/**
 * One snapshot per world in a folder, named by its id. A file's time of change says when its visitor was
 * there last, which a visit that only looks must set, too.
 */
export function createWorldFiles(folder: string) {
  const pathOf = (id: string) => join(folder, `${id}.json`);

  async function setLastVisit(id: string, time: number): Promise<void> {
    // A world in which nothing was ever done has no file.
    await utimes(pathOf(id), time / 1000, time / 1000).catch(() => {});
  }

  return {
    pathOf,
    setLastVisit,

    async list(): Promise<{ id: string; lastVisitAt: number; size: number }[]> {
      await mkdir(folder, { recursive: true });
      const ids = (await readdir(folder)).flatMap(
        (name) => /^([a-z2-7]{16})\.json$/.exec(name)?.[1] ?? [],
      );
      return await Promise.all(
        ids.map(async (id) => {
          const { mtimeMs: lastVisitAt, size } = await stat(pathOf(id));
          return { id, lastVisitAt, size };
        }),
      );
    },

    /** A world that has ended keeps its file until its partners know; a restart must not revive it. */
    retire: (id: string): Promise<void> => setLastVisit(id, 0),

    remove: (id: string): Promise<void> => rm(pathOf(id), { force: true }),
  };
}
