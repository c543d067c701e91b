import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listRemembered } from '../../../server/features/memory/upkeep.ts';
import {
  merge,
  removeConversation,
  removeUser,
} from '../../../server/features/erasure/customers.ts';
import { livesOn } from '../../../server/features/erasure/merges.ts';
import { removalSources } from '../../../server/features/erasure/removals.ts';
import { tellOfDroppedWords } from '../../../server/features/gone.ts';
import { removeAgain } from '../../../server/features/erasure/sweep.ts';
import { markRestored } from '../../../server/commands/restore/mark-restored.ts';
import { engines } from '../../support/store/engines.ts';
import { openMemories, type Memories } from './support/open-memories.ts';

describe.each(engines)('what is remembered on %s', (engine) => {
  let on: Memories;
  let id: string;
  beforeAll(async () => {
    on = await openMemories(engine, livesOn);
  });
  beforeEach(async () => {
    id = await on.createInstallation();
    await on.meet(id, 'of-a', 'a');
    await on.meet(id, 'of-b', 'b');
    await remember('of-a', 'a', { count: 1 }, { seen: 1 });
    await remember('of-b', 'b', { count: 2, waitingFor: 'b' }, { seen: 2, words: 'b' });
  });
  afterAll(() => on.close());

  const at = (conversationId: string, customerId: string) => ({
    installationId: id,
    conversationId,
    customerId,
  });

  const remember = (conversation: string, customer: string, ofConversation: object, of: object) =>
    on.attempt(at(conversation, customer), async (memories) => {
      await memories.conversation.set(ofConversation);
      await memories.customer.set(of);
    });

  const recall = (conversation: string, customer: string) =>
    on.attempt(at(conversation, customer), async (memories) => [
      await memories.conversation.get(),
      await memories.customer.get(),
    ]);

  const unify = (kind: 'user' | 'conversation', discardedId: string, survivingId: string) =>
    merge(on.deps, id, { kind, discardedId, survivingId });

  describe('is gone', () => {
    const ofA = [{ count: 1 }, { seen: 1 }];
    const ofB = [
      { count: 2, waitingFor: 'b' },
      { seen: 2, words: 'b' },
    ];

    it('with the customer, and others’ stays', async () => {
      await removeUser(on.deps, id, 'a');
      expect(await recall('of-a', 'a')).toEqual([{}, {}]);
      expect(await recall('of-b', 'b')).toEqual(ofB);
    });

    it('with the conversation, but for what is the customer’s', async () => {
      await removeConversation(on.deps, id, 'of-a');
      expect(await recall('of-a', 'a')).toEqual([{}, { seen: 1 }]);
    });

    it('with the row of a conversation that was silent for long', async () => {
      await on.database.kysely.deleteFrom('conversations').execute();
      expect(await recall('of-a', 'a')).toEqual([{}, { seen: 1 }]);
    });

    it('with our access, of that account alone', async () => {
      const elsewhere = await on.createInstallation();
      await tellOfDroppedWords(on.deps, on.database.kysely, elsewhere);
      expect(await recall('of-a', 'a')).toEqual(ofA);
      await tellOfDroppedWords(on.deps, on.database.kysely, id);
      expect(await recall('of-a', 'a')).toEqual([{}, {}]);
    });

    it('with the installation', async () => {
      await on.stores.installations.remove(id, { kind: 'removed', text: 'Removed' });
      for (const table of ['conversation_memory', 'customer_memory'] as const) {
        const rows = on.database.kysely.selectFrom(table).selectAll();
        expect(await rows.where('installation_id', '=', id).execute()).toEqual([]);
      }
    });

    it('when its customer was removed after the backup that was put back', async () => {
      await removeUser(on.deps, id, 'a');
      const { kysely } = on.database;
      const known = await removalSources.readDatabase(kysely);
      // As a backup has it of somebody whose conversations were forgotten long ago.
      await on.attempt(at('of-b', 'a'), ({ customer }) => customer.set({ seen: 9 }));
      await markRestored(on.database, on.clock.now, [known]);
      const parts = [...on.deps.parts, { listStored: listRemembered(kysely) }];
      await removeAgain({ ...on.deps, parts });
      expect(await recall('of-b', 'a')).toEqual([ofB[0], {}]);
      expect(await recall('of-b', 'b')).toEqual(ofB);
    });
  });

  describe('when Zendesk merges', () => {
    it('two customers, is the survivor’s: its own keys, and those that only the other one had', async () => {
      await unify('user', 'b', 'a');
      expect(await recall('of-a', 'a')).toEqual([{ count: 1 }, { seen: 1, words: 'b' }]);
    });

    it('two conversations, goes along with what else is stored of them', async () => {
      await unify('conversation', 'of-b', 'of-a');
      expect(await recall('of-a', 'a')).toEqual([{ count: 1, waitingFor: 'b' }, { seen: 1 }]);
    });

    it('into one of which nothing is known, is there all the same', async () => {
      await unify('conversation', 'of-a', 'new');
      await unify('user', 'a', 'c');
      expect(await recall('new', 'c')).toEqual([{ count: 1 }, { seen: 1 }]);
    });

    it('is found and changed by an event that names the discarded one', async () => {
      await unify('conversation', 'of-a', 'of-b');
      await unify('user', 'a', 'b');
      // As the attempt that was under way leaves its conversation behind.
      await on.meet(id, 'of-a', 'a');
      await remember('of-a', 'a', { count: 5 }, { seen: 6 });
      expect(await recall('of-b', 'b')).toEqual([
        { count: 5, waitingFor: 'b' },
        { seen: 6, words: 'b' },
      ]);
      await removeUser(on.deps, id, 'b');
      expect(await recall('of-a', 'a')).toEqual([{}, {}]);
    });

    it('keeps what fits: a customer whose memory is too large could never be changed again', async () => {
      const words = 'x'.repeat(10_000);
      await remember('of-a', 'a', {}, { words, 'of a': 'a' });
      await remember('of-b', 'b', {}, { words: undefined, 'of b': words });
      await unify('user', 'a', 'b');
      expect((await recall('of-b', 'b'))[1]).toEqual({ seen: 2, 'of b': words, 'of a': 'a' });
    });
  });
});
