import type { Core } from '../core.ts';
import { repeat } from '../timers.ts';

/** Renews what we hold, and gives back what others held who died. Returns what ends it. */
export function keepLeases(
  { events: store, log, owner }: Pick<Core, 'events' | 'log'> & { owner: string },
  options: { leaseMs: number; pollMs: number; heldSeqs: () => number[]; look: () => void },
): () => void {
  const { leaseMs, pollMs, heldSeqs, look } = options;
  const tryTo = (work: Promise<void>, failure: string) =>
    work.catch((error: unknown) => log.error({ error }, `${failure}; trying again shortly.`));

  /** What we hold is never given back here: a clock that jumps must not take our own work from us. */
  async function releaseDead(): Promise<void> {
    const released = store.releaseLeases(heldSeqs());
    await tryTo(released, 'Leases of others could not be looked after');
    look();
  }

  async function renew(): Promise<void> {
    const seqs = heldSeqs();
    if (seqs.length === 0) return;
    await tryTo(store.renew(seqs, owner, leaseMs), 'Our leases could not be renewed');
  }

  const ends = [repeat(releaseDead, pollMs), repeat(renew, leaseMs / 3)];
  return () => {
    for (const end of ends) end();
  };
}
