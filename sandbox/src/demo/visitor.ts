import type { Response } from 'express';
import type { SnapshotWriter } from '../state/snapshot.ts';
import type { World } from '../world/create-world.ts';

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
