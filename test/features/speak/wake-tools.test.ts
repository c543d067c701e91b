import { afterEach, expect, it, vi } from 'vitest';
import { openChat } from '../../support/open-chat.ts';
import type { Shop } from '../../support/start-shop.ts';
import {
  HOUR_MS,
  openAlarmChat,
  type AlarmChat,
  type AnyTools,
  type AnyWakes,
} from './support/open-alarm-chat.ts';

const DAY_MS = 24 * HOUR_MS;

let chat: AlarmChat;
let shop: Shop;
afterEach(() => shop.close());

/** Has the bot do this in a handler; returns what came of it. */
async function inHandler<Result>(work: (tools: AnyTools) => Promise<Result>): Promise<Result> {
  const done = vi.fn<(result: PromiseSettledResult<Result>) => void>();
  chat = await openAlarmChat('sqlite', async (tools) => {
    const [result] = await Promise.allSettled([work(tools)]);
    done(result);
  });
  ({ shop } = chat);
  await chat.say();
  const result = done.mock.calls[0]?.[0];
  if (result?.status !== 'fulfilled') throw result?.reason;
  return result.value;
}
const from = (ms: number) => chat.clock.now() + ms;

it.each([
  ['no time at all', Number.NaN],
  ['no date', new Date('tomorrow')],
  ['for ever', Infinity],
])('wakeAt refuses %s', async (_what, time) => {
  const set = inHandler(({ wakeAt }) => wakeAt(time, 'tea'));
  await expect(set).rejects.toThrow(RangeError);
  expect(await chat.listWakes()).toEqual([]);
});

it('wakeAt takes up to a year ahead, and says what to do for more', async () => {
  await inHandler(({ wakeAt }) => wakeAt(from(366 * DAY_MS), 'tea'));
  await shop.close();
  const tooFar = inHandler(({ wakeAt }) => wakeAt(new Date(from(366 * DAY_MS + 1)), 'tea'));
  await expect(tooFar).rejects.toThrow('it takes up to a year ahead. Wake earlier, and set');
});

it('wakeAt takes 4 KB of JSON, counted in bytes', async () => {
  await inHandler(({ wakeAt }) => wakeAt(from(HOUR_MS), 'ä'.repeat(2_047)));
  await shop.close();
  const tooLarge = inHandler(({ wakeAt }) => wakeAt(from(HOUR_MS), 'ä'.repeat(2_048)));
  await expect(tooLarge).rejects.toThrow(
    'The data has 4098 bytes as JSON; there is room for 4096.',
  );
});

it.each(['', 'k'.repeat(201), 'a\0b', '\ud800'])('wakeAt refuses the key %j', async (key) => {
  const set = inHandler(({ wakeAt }) => wakeAt(from(HOUR_MS), 'tea', { key }));
  await expect(set).rejects.toThrow('A key of wakeAt() has 1 to 200 characters');
});

it('a conversation has at most 20 at a time; one that is replaced or cancelled makes room', async () => {
  const keys = await inHandler(async ({ wakeAt, cancelWake }) => {
    const set: string[] = [];
    for (let count = 0; count < 20; count++) set.push(await wakeAt(from(HOUR_MS), count));
    const another = () => wakeAt(from(HOUR_MS), 'another');
    await expect(another()).rejects.toThrow('This conversation has 20 wakes already.');
    await wakeAt(from(HOUR_MS), 'in its place', { key: set[3] ?? '' });
    await cancelWake(set[5] ?? '');
    await another();
    await expect(another()).rejects.toThrow('This conversation has 20 wakes already.');
    return set;
  });
  expect(new Set(keys).size).toBe(20);
  const stored = await chat.listWakes();
  expect(stored).toHaveLength(20);
  expect(stored.map(({ data }) => data)).toContain('"in its place"');
  expect(stored.map(({ data }) => data)).not.toContain('5');
});

it('counts those of the conversation, and not those of another one', async () => {
  chat = await openAlarmChat('sqlite', async ({ wakeAt, reply }) => {
    for (let count = 0; count < 20; count++) await wakeAt(from(HOUR_MS), count);
    await reply('Set.');
  });
  ({ shop } = chat);
  await chat.say();
  const other = chat.zendesk.createConversation({ account: 'acme' });
  chat.zendesk.sendCustomerMessage({ conversationId: other.conversationId, text: 'Hello?' });
  await vi.waitFor(async () => expect(await chat.listWakes()).toHaveLength(40), 5_000);
});

it('wakeAt and cancelWake do not have to be waited for', async () => {
  chat = await openAlarmChat('sqlite', async ({ wakeAt, cancelWake }) => {
    for (const key of ['tea', 'milk'])
      wakeAt(from(HOUR_MS), key, { key }).catch((error: unknown) => expect(error).toBeUndefined());
    cancelWake('milk').catch((error: unknown) => expect(error).toBeUndefined());
  });
  ({ shop } = chat);
  await chat.say();
  expect(await chat.listWakes()).toMatchObject([{ key: 'tea' }]);
});

it('wakeAt says so when there is nothing that it could wake', async () => {
  const errors: string[] = [];
  const plain = await openChat({
    onMessage: async ({ wakeAt }: AnyWakes) => {
      await wakeAt(0, 'tea').catch((error: unknown) => errors.push(String(error)));
    },
  });
  ({ shop } = plain);
  await plain.say();
  expect(errors).toEqual(['TypeError: bot.ts names no onWake, which is what wakeAt() wakes.']);
});
