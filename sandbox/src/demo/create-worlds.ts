import { createSnapshotWriter, restore } from '../state/snapshot.ts';
import type { World } from '../create-world.ts';
import type { VisitorLimits } from './demo-limits.ts';
import { findDispensable } from './visitor.ts';
import type { OpenWorld, Visitor } from './visitor.ts';
import type { WorldFiles } from './world-files.ts';
import { newWorldKey, toWorldId } from './world-key.ts';

interface WorldsOptions {
  files: WorldFiles;
  /** @throws when the snapshot cannot be read. */
  build: (worldId: string, snapshot: unknown) => World;
  /** Tells those whose apps may be installed in the world; false: not everybody could be told. */
  tellPartners: (worldId: string) => Promise<boolean>;
  /** Called with a world that has ended, so that nothing keeps it. */
  onEnd: (world: World) => void;
  limits: VisitorLimits;
  now: () => number;
  log: (line: string) => void;
}

/** So that a day's visitors who end together do not run into the partner's rate limit. */
const TOLD_PER_SWEEP = 20;

export type Worlds = ReturnType<typeof createWorlds>;

/** Which visitor has which world: from the first page to the day after the last. */
export function createWorlds(options: WorldsOptions) {
  const { files, build, tellPartners, onEnd, limits, now, log } = options;
  const visitors = new Map<string, Visitor>();
  const openWorlds = new Map<string, OpenWorld>();
  /** Ids of worlds that have ended and whose partners do not know yet. */
  const ended = new Set<string>();

  function add(known: Pick<Visitor, 'worldId' | 'lastVisitAt' | 'isClaimed' | 'sizeOnDisk'>) {
    const { worldId } = known;
    const visitor: Visitor = { ...known, open: new Set(), opening: undefined };
    visitors.set(worldId, visitor);
    return visitor;
  }

  function isOver({ isClaimed, lastVisitAt }: Visitor): boolean {
    return now() - lastVisitAt > (isClaimed ? limits.idleMs : limits.unclaimedMs);
  }

  function find(worldId: string): Visitor | undefined {
    const visitor = visitors.get(worldId);
    return visitor && !isOver(visitor) ? visitor : undefined;
  }

  function isCrowded(): boolean {
    const sizes = [...openWorlds.values()].map(({ writer }) => writer.size());
    return sizes.reduce((sum, size) => sum + size, 0) > limits.allCharacters;
  }

  async function readWorld({ worldId, sizeOnDisk }: Visitor): Promise<OpenWorld> {
    const file = files.pathOf(worldId);
    const world = await restore(file, (snapshot) => build(worldId, snapshot), log);
    const { toSnapshot, changes } = world;
    const given = { file, size: sizeOnDisk, toSnapshot, changes, log };
    const writer = createSnapshotWriter(given);
    function takesIn(characters: number): boolean {
      const size = writer.size() + characters;
      const isBeyondShare = size > limits.fairCharacters;
      if (size > limits.worldCharacters || (isBeyondShare && isCrowded())) return false;
      writer.expect(characters);
      return true;
    }
    const opened = { world, writer, takesIn };
    openWorlds.set(worldId, opened);
    return opened;
  }

  function open(visitor: Visitor): Promise<OpenWorld> {
    visitor.opening ??= readWorld(visitor).catch((error: unknown) => {
      visitor.opening = undefined;
      throw error;
    });
    return visitor.opening;
  }

  async function stop(visitor: Visitor): Promise<OpenWorld | undefined> {
    visitors.delete(visitor.worldId);
    for (const response of visitor.open) response.destroy();
    const opened = await visitor.opening;
    if (!opened) return undefined;
    openWorlds.delete(visitor.worldId);
    onEnd(opened.world);
    opened.world.stop();
    await opened.writer.stop();
    return opened;
  }

  async function forget(worldId: string): Promise<void> {
    if (!(await tellPartners(worldId))) return;
    await files.remove(worldId);
    ended.delete(worldId);
  }

  async function retire(visitor: Visitor): Promise<void> {
    const opened = await stop(visitor);
    ended.add(visitor.worldId);
    // The file is what remembers, over a restart, that somebody is still to be told.
    await opened?.writer.close();
    await files.retire(visitor.worldId);
    log(`a visitor's sandbox has ended, ${visitors.size} are left`);
  }

  const sizeOf = ({ worldId, sizeOnDisk }: Visitor): number =>
    openWorlds.get(worldId)?.writer.size() ?? sizeOnDisk;

  /** Without the cookie nobody can have installed anything, so that nobody has to be told. */
  const letGo = (visitor: Visitor) => (visitor.isClaimed ? retire(visitor) : stop(visitor));

  return {
    /** Takes up the worlds of the run before. */
    async restore(): Promise<void> {
      for (const { id: worldId, lastVisitAt, size: sizeOnDisk } of await files.list())
        add({ worldId, lastVisitAt, isClaimed: true, sizeOnDisk });
    },

    /**
     * Returns a world of its own for whoever gets the key. Where there are as many as there may be, the
     * emptiest that was not visited lately ends for it; undefined when there is none.
     */
    async admit(): Promise<{ key: string; visitor: Visitor } | undefined> {
      while (visitors.size >= limits.worlds) {
        const dispensable = findDispensable({
          visitors: visitors.values(),
          sizeOf,
          limits,
          now: now(),
        });
        if (!dispensable) return undefined;
        await letGo(dispensable);
      }
      const key = newWorldKey();
      const visitor = add({
        worldId: toWorldId(key),
        lastVisitAt: now(),
        isClaimed: false,
        sizeOnDisk: 0,
      });
      log(`a visitor's sandbox begins, the ${visitors.size}. of ${limits.worlds}`);
      return { key, visitor };
    },

    /** Whose browser it is; it counts as a visit, unless it comes too late. */
    visit(key: string): Visitor | undefined {
      const visitor = find(toWorldId(key));
      if (!visitor) return undefined;
      visitor.isClaimed = true;
      visitor.lastVisitAt = now();
      return visitor;
    },

    find,

    open,

    /** Ends the world now; its API answers nobody from here on. */
    async end(visitor: Visitor): Promise<void> {
      await retire(visitor);
      forget(visitor.worldId).catch((error: unknown) => log(`a world stays: ${String(error)}`));
    },

    /** Ends the worlds whose visitors have stayed away, and tries again to tell who could not be told. */
    async sweep(): Promise<void> {
      for (const visitor of visitors.values()) {
        if (isOver(visitor)) await letGo(visitor);
      }
      for (const worldId of [...ended].slice(0, TOLD_PER_SWEEP)) await forget(worldId);
    },

    /** Writes everything down. */
    async close(): Promise<void> {
      const claimed = [...visitors.values()].filter(({ isClaimed }) => isClaimed);
      await Promise.all(
        claimed.map(async ({ worldId, opening, lastVisitAt }) => {
          const opened = await opening;
          opened?.world.stop();
          await opened?.writer.close();
          await files.setLastVisit(worldId, lastVisitAt);
        }),
      );
    },
  };
}
