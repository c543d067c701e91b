import type { Core } from '../../core.ts';
import type { Observer } from '../../observe.ts';
import type { Feature, FeatureParts } from '../feature.ts';
import { forgetOldMerges } from './customers.ts';
import { eventTypes } from './event-types.ts';
import { followMerges, refuseLate } from './late.ts';
import { listMerges, livesOn } from './merges.ts';
import { deleteOldRemovals, findRemovals, rememberRemoved, removalSources } from './removals.ts';
import { erasureMigration } from './schema.ts';
import { removeAgain, removeOnceAfterRestore } from './sweep.ts';

/** What Zendesk deletes or merges is deleted or merged here too. */
export const erasure: Feature = {
  name: 'erasure',
  migrations: { '0001-initial': erasureMigration },
  eventTypes,
  restore: removalSources,
  findHashed: findRemovals,
  open,
};

function open(core: Core): FeatureParts {
  return {
    refuse: (...given) => refuseLate(core, ...given),
    livesOn,
    observer: createErasureObserver(core),
    work: { start: () => removeOnceAfterRestore(core), stop: async () => {} },
    async deleteOld() {
      await forgetOldMerges(core);
      await deleteOldRemovals(core);
      await removeAgain(core);
    },
    exportData: (installationId) => ({ merges: listMerges(core, installationId) }),
    kept: [
      { what: 'That something was deleted, as a hash that leads to nobody', howLong: '30 days' },
    ],
    deletes: [
      'When Zendesk says that one of your customers was deleted, that customer’s conversations, messages and the activity about them are deleted here too, with those of customers who were merged into that one.',
      'When Zendesk says that a conversation was deleted, everything of it is deleted here too.',
      'What arrives late of a customer who was deleted is not stored and not answered.',
      'A backup that is put back within 30 days does not bring back what was deleted since.',
    ],
  };
}

export function createErasureObserver(core: Pick<Core, 'hash' | 'log' | 'now'>): Observer {
  return {
    settle: followMerges,
    remove: (transaction, id) =>
      rememberRemoved(core, transaction, id, [{ kind: 'installation', id }]),
  };
}
