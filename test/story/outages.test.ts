import { afterEach, describe, expect, it } from 'vitest';
import type { NewEvent } from '../../server/store/schema.ts';
import { engines } from '../support/store/engines.ts';
import {
  CLIENT_ID,
  deliverText,
  repliesIn,
  startShop,
  type Shop,
  type ShopOptions,
} from '../support/start-shop.ts';
import { waitUntil } from '../support/wait-until.ts';
import { createInsertEvents } from '../../server/inbox/receive/insert-events.ts';

let shop: Shop;
let clock = 0;
afterEach(() => shop.close());

async function start(options: ShopOptions = {}) {
  clock = 0;
  shop = await startShop({ now: () => Date.now() + clock, ...options });
  await shop.install();
  const { conversationId } = shop.zendesk.createConversation({ account: 'acme' });
  await waitUntil('the bot said hello', () => repliesIn(shop, conversationId).length === 1);
  const deliver = (text: string) => deliverText(shop, conversationId, text);
  return { conversationId, deliver };
}

describe.each(engines)('on %s', (engine) => {
  it('a database that is gone answers 503 on the webhook and /readyz, 200 on /healthz', async () => {
    const { deliver } = await start({ engine });
    await shop.database.kysely.destroy();
    expect(await deliver('into the void')).toBe(503);
    expect((await fetch(`${shop.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${shop.url}/healthz`)).status).toBe(200);
  });

  it('a clock that jumps an hour ahead has nothing answered twice', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let calls = 0;
    const { conversationId, deliver } = await start({
      engine,
      bot: {
        onMessage: async ({ reply }) => {
          calls += 1;
          await held;
          await reply('once');
        },
      },
    });
    await deliver('hello?');
    await waitUntil('the handler runs', () => calls === 1);
    const leaseEnd = async () => {
      const events = shop.database.kysely.selectFrom('events').select('lease_until');
      return (await events.where('state', '=', 'working').executeTakeFirst())?.lease_until;
    };
    const before = await leaseEnd();
    clock += 60 * 60_000;
    await deliver('and again?');
    await waitUntil('leases were looked after', async () => (await leaseEnd()) !== before);
    release();
    await waitUntil('both are answered', () => repliesIn(shop, conversationId).length === 3);
    expect(calls).toBe(2);
  });

  it(
    'works off 2 000 events that wait at the start, in order within each conversation',
    { timeout: 120_000 },
    async () => {
      const seen = new Map<string, number[]>();
      await start({
        engine,
        bot: {
          onPostback: async ({ payload }) => {
            const [conversation = '', n] = payload.split(' ');
            seen.set(conversation, [...(seen.get(conversation) ?? []), Number(n)]);
          },
        },
      });
      const [installation] = await shop.stores.installations.list();
      const events = Array.from({ length: 2_000 }, (_, n) => queued(installation?.id ?? '', n));
      for (let n = 0; n < events.length; n += 1_000)
        await createInsertEvents(shop.database)(events.slice(n, n + 1_000));
      await shop.restart();
      const handled = () => [...seen.values()].reduce((sum, { length }) => sum + length, 0);
      await waitUntil('all are handled', () => handled() === events.length, 100_000);
      for (const numbers of seen.values())
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    },
  );
});

const CONVERSATIONS = 50;

function queued(installationId: string, n: number) {
  const conversation = `queued-${n % CONVERSATIONS}`;
  const event = {
    id: `queued-${n}`,
    type: 'conversation:postback',
    payload: {
      conversation: {
        id: conversation,
        activeSwitchboardIntegration: { id: 'x', integrationType: CLIENT_ID },
      },
      postback: { payload: `${conversation} ${n}` },
      user: { id: 'user' },
    },
  };
  const row: NewEvent = {
    installation_id: installationId,
    event_id: event.id,
    type: event.type,
    conversation_key: `${installationId}/${conversation}`,
    payload: JSON.stringify(event),
    state: 'waiting',
    note: null,
  };
  return { ...row, run_at: 0, received_at: Date.now(), settled_at: null };
}
