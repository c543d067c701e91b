import type { Response } from 'express';
import type { SnapshotWriter } from '../state/snapshot.ts';
import type { World } from '../create-world.ts';
import type { VisitorLimits } from './demo-limits.ts';

export interface OpenWorld {
  world: World;
  writer: SnapshotWriter;
  /** Whether it may take in a request of so many characters, which then count. */
  takesIn: (characters: number) => boolean;
}

/** A visitor, as far as the demo knows one. */
export interface Visitor {
  worldId: string;
  lastVisitAt: number;
  /** Whether the cookie ever came back. */
  isClaimed: boolean;
  /** Answers under way, live pages among them. */
  open: Set<Response>;
  /** Of its file, while nobody has needed what is in it since a restart. */
  sizeOnDisk: number;
  /** Read from its file at the first use after a restart. */
  opening: Promise<OpenWorld> | undefined;
}

/** Counts the answer as under way until it ends. */
export function trackOpen({ open }: Visitor, response: Response): void {
  open.add(response);
  response.once('close', () => open.delete(response));
}

interface Search {
  visitors: Iterable<Visitor>;
  sizeOf: (visitor: Visitor) => number;
  limits: Pick<VisitorLimits, 'recentMs' | 'recentUnclaimedMs'>;
  now: number;
}

/**
 * Whose world may end for a newcomer's: the emptiest of those that nobody looks at and nobody came to
 * lately, one whose cookie never came back before all others. Undefined: there is none.
 */
export function findDispensable({ visitors, sizeOf, limits, now }: Search): Visitor | undefined {
  const isLeft = ({ open, isClaimed, lastVisitAt }: Visitor) =>
    open.size === 0 && now - lastVisitAt > (isClaimed ? limits.recentMs : limits.recentUnclaimedMs);
  const byWorth = (a: Visitor, b: Visitor) =>
    Number(a.isClaimed) - Number(b.isClaimed) ||
    sizeOf(a) - sizeOf(b) ||
    a.lastVisitAt - b.lastVisitAt;
  return [...visitors].filter(isLeft).toSorted(byWorth)[0];
}
