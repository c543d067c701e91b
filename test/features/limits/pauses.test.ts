import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClock, type Clock } from '../../support/clock.ts';
import { engines } from '../../support/store/engines.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';
import { CLIENT_ID } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';

const CONVERSATIONS = 20;
const limited = { kind: 'answer', operation: 'PostMessage', status: 429 } as const;

let clock: Clock;
let chat: Chat;
beforeEach(() => {
  clock = createClock(Date.now());
});
afterEach(() => chat.shop.close());

const countPosts = () => chat.callsOf('PostMessage').length;
const readPause = () =>
  chat.shop.database.kysely.selectFrom('account_pauses').selectAll().executeTakeFirst();
const readMessages = () =>
  chat.shop.database.kysely
    .selectFrom('events')
    .selectAll()
    .where('type', '=', 'conversation:message')
    .where('attempts', '>', 0)
    .execute();

function open(account = 'acme'): string {
  return chat.zendesk.createConversation({ account }).conversationId;
}

/** Has the account's first call refused; every later one is refused too, until `clearFaults`. */
async function limit(retryAfter?: number): Promise<void> {
  const fault = retryAfter === undefined ? limited : { ...limited, retryAfter };
  chat.zendesk.armFault({ ...fault, times: 1_000 });
  chat.zendesk.sendCustomerMessage({ conversationId: chat.conversationId, text: 'First' });
  await waitUntil('the account pauses', async () => (await readPause())?.first_seq === null);
}

/** Has the bot answer in another account, which shows that work has been looked for. */
async function answerOther(): Promise<void> {
  const id = open('bloom');
  chat.zendesk.sendCustomerMessage({ conversationId: id, text: 'Hello?' });
  await waitUntil('the other account is answered', () =>
    chat.zendesk.messages(id).some(({ author }) => author.type === 'business'),
  );
}

/** Moves the clock until another call is made, and not further. */
async function waitForNextCall(): Promise<number> {
  const before = countPosts();
  await waitUntil('the next call is made', () => {
    if (countPosts() === before) clock.advance(500);
    return countPosts() > before;
  });
  return countPosts() - before;
}

describe.each(engines)('an account that calls too often, on %s', (engine) => {
  beforeEach(async () => {
    chat = await openChat({ onMessage: ({ reply }) => reply('Hi.') }, { engine, now: clock.now });
  });

  it('pauses as a whole: one event goes first, and the others are not even begun', async () => {
    await limit(5);
    expect(countPosts()).toBe(1);
    const others = Array.from({ length: CONVERSATIONS }, () => open());
    for (const id of others) chat.zendesk.sendCustomerMessage({ conversationId: id, text: 'Hi' });
    await chat.zendesk.settled();
    for (let n = 2; n <= 4; n++) {
      expect(await waitForNextCall()).toBe(1);
      await waitUntil('it pauses again', async () => {
        const pause = await readPause();
        return pause?.count === n && pause.first_seq === null;
      });
    }
    expect(countPosts()).toBe(4);
    expect((await readMessages()).filter(({ attempts }) => attempts > 0).length).toBeLessThan(5);

    chat.zendesk.clearFaults();
    await waitUntil('all are answered', async () => {
      clock.advance(1_000);
      return (await readMessages()).filter(({ state }) => state === 'done').length > CONVERSATIONS;
    });
    expect(await readPause()).toBeUndefined();
    for (const id of others)
      expect(
        chat.zendesk.messages(id).filter(({ author }) => author.type === 'business'),
      ).toHaveLength(1);
  });

  it('does not pause the others', async () => {
    await chat.shop.install('bloom');
    await limit(600);
    chat.zendesk.clearFaults();
    await answerOther();
    expect(await readPause()).toBeDefined();
  });

  it('pauses in every instance, and after a restart', async () => {
    await chat.shop.install('bloom');
    await chat.shop.addInstance();
    await limit(600);
    await chat.shop.restart();
    chat.zendesk.clearFaults();
    const id = open();
    chat.zendesk.sendCustomerMessage({ conversationId: id, text: 'Hello?' });
    await chat.zendesk.settled();
    clock.advance(590_000);
    await answerOther();
    expect(countPosts()).toBe(2);
    await waitUntil('it is answered', () => {
      clock.advance(11_000);
      return chat.zendesk.messages(id).some(({ author }) => author.type === 'business');
    });
  });

  it('is not held up by an event that goes first and calls nothing', async () => {
    await limit(5);
    chat.zendesk.clearFaults();
    const agents = open();
    chat.zendesk.setActive(agents, null);
    chat.zendesk.sendCustomerMessage({ conversationId: agents, text: 'For an agent' });
    await chat.zendesk.settled();
    await waitUntil('the first is answered', async () => {
      clock.advance(1_000);
      return (await readMessages()).some(({ state }) => state === 'done');
    });
    expect(await readPause()).toBeUndefined();
  });
});

describe('who meets a pause that has begun', () => {
  it('cannot make it longer than an hour, whatever it is told', async () => {
    chat = await openChat({ onMessage: ({ reply }) => reply('Hi.') }, { now: clock.now });
    chat.zendesk.armFault({ ...limited, retryAfter: 5 });
    chat.zendesk.armFault({ ...limited, retryAfter: 86_400, times: 1_000 });
    const ids = Array.from({ length: 3 }, () => open());
    const events = ids.map((conversationId) =>
      chat.zendesk.buildMessageEvent({ conversationId, text: 'Hello?' }),
    );
    await chat.zendesk.deliver({ account: 'acme', clientId: CLIENT_ID, events });
    await waitUntil('all wait', async () => {
      const rows = await readMessages();
      return rows.length === 3 && rows.every(({ state }) => state === 'waiting');
    });
    const until = (await readPause())?.paused_until ?? 0;
    expect(until).toBeGreaterThanOrEqual(clock.now() + 3_600_000);
    expect(until).toBeLessThanOrEqual(clock.now() + 3_601_000);
  });

  it('does not lose an attempt, and comes back later than the one that goes first', async () => {
    chat = await openChat({ onMessage: ({ reply }) => reply('Hi.') }, { now: clock.now });
    chat.zendesk.armFault({ ...limited, retryAfter: 5, times: 1_000 });
    const ids = Array.from({ length: CONVERSATIONS }, () => open());
    const events = ids.map((conversationId) =>
      chat.zendesk.buildMessageEvent({ conversationId, text: 'Hello?' }),
    );
    await chat.zendesk.deliver({ account: 'acme', clientId: CLIENT_ID, events });
    const waiting = await waitUntil('all wait', async () => {
      const rows = await readMessages();
      return rows.length > 1 && rows.every(({ state }) => state === 'waiting') ? rows : undefined;
    });
    const left = waiting.map(({ attempts, attempts_allowed: allowed }) => allowed - attempts);
    expect(left.filter((count) => count === 7)).toHaveLength(1);
    expect(left.filter((count) => count === 8)).toHaveLength(waiting.length - 1);
    const until = (await readPause())?.paused_until ?? 0;
    expect(until).toBeGreaterThanOrEqual(clock.now() + 5_000);
    expect(until).toBeLessThanOrEqual(clock.now() + 6_000);
    const times = waiting.map(({ run_at: runAt }) => runAt).toSorted((a, b) => a - b);
    expect(times[0]).toBe(until);
    expect(new Set(times).size).toBeGreaterThan(waiting.length / 2);
  });
});
