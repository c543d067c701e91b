import type { Core } from '../core.ts';
import { repeat } from '../timers.ts';

/** Renews what we hold, and gives back what others held who died. Returns what ends it. */
export function keepLeases(
  { events: store, log, owner }: Pick<Core, 'events' | 'log'> & { owner: string },
  options: { leaseMs: number; pollMs: number; heldSeqs: () => number[]; look: () => void },
): () => void {
  const { leaseMs, pollMs, heldSeqs, look } = options;

  /** What we hold is never given back here: a clock that jumps must not take our own work from us. */
  async function releaseDead(): Promise<void> {
    try {
      await store.releaseLeases({ except: heldSeqs() });
    } catch (error) {
      log.error({ error }, 'Leases of others could not be looked after; trying again shortly.');
    }
    look();
  }

  async function renew(): Promise<void> {
    const seqs = heldSeqs();
    if (seqs.length === 0) return;
    try {
      await store.renew(seqs, owner, leaseMs);
    } catch (error) {
      log.error({ error }, 'Our leases could not be renewed; trying again shortly.');
    }
  }

  const ends = [repeat(releaseDead, pollMs), repeat(renew, leaseMs / 3)];
  return () => {
    for (const end of ends) end();
  };
}
