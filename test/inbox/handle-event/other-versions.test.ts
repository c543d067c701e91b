import { afterEach, describe, expect, it } from 'vitest';
import type { EventType } from '../../../server/inbox/event-types.ts';
import { features } from '../../../server/features.ts';
import { createClock } from '../../support/clock.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';
import { insertEvent } from '../../support/store/insert-event.ts';
import { postgresIsAvailable } from '../../support/store/engines.ts';
import { waitUntil } from '../../support/wait-until.ts';

/** Of a feature’s own, and of Zendesk’s. */
const TYPES = ['shopkeeper:made-up', 'user:update'];

const done: EventType = {
  title: 'Something for the feature',
  run: async (_core, _installation, event) => ({ event, state: 'done', note: 'Done.' }),
};
const madeUp = {
  name: 'made-up',
  eventTypes: Object.fromEntries(TYPES.map((type) => [type, done])),
};

const clock = createClock(Date.now());
let chat: Chat;
afterEach(() => chat.shop.close());

const find = async (event_id: string) =>
  await chat.shop.database.kysely
    .selectFrom('events')
    .selectAll()
    .where('event_id', '=', event_id)
    .executeTakeFirstOrThrow();

/** An event that a newer version has stored, while the one that runs here looks for work. */
async function store(type: string): Promise<string> {
  const id = type.startsWith('shopkeeper:') ? `${type}:one` : 'one';
  await insertEvent(chat.shop.database, {
    installation_id: chat.installationId,
    event_id: id,
    conversation_key: `${chat.installationId}/${id}`,
    type,
    received_at: clock.now(),
  });
  await chat.say();
  return id;
}

describe.runIf(postgresIsAvailable)(
  'an event that one version knows, and the other does not,',
  () => {
    it.each(TYPES)('waits for an instance of the one that does (%s)', async (type) => {
      chat = await openChat({}, { engine: 'postgres' });
      const id = await store(type);
      await chat.shop.addInstance([...features, madeUp]);
      const settled = await waitUntil('it was dealt with', async () => {
        const event = await find(id);
        return event.settled_at === null ? undefined : event;
      });
      expect(settled).toMatchObject({ state: 'done', note: 'Done.' });
    });

    it.each(TYPES)('is left alone when none comes (%s)', async (type) => {
      chat = await openChat({}, { engine: 'postgres', now: clock.now });
      const id = await store(type);
      await waitUntil('it was left alone', async () => {
        clock.advance(60_000);
        return (await find(id)).state === 'ignored';
      });
    });
  },
);
