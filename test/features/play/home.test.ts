import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf } from '../../../server/features/play/home.ts';
import { createBrowser } from '../../support/browser/browser.ts';
import { repliesIn, startShop, type Shop } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { startPlay } from './support/start-play.ts';

describe('the front page', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await startPlay();
  });
  afterAll(() => shop.close());

  it('leads a newcomer to the demo, to Zendesk and to the code', async () => {
    const { text } = await createBrowser().get(shop.url);
    expect(text).toContain('Every message answered once. Even when things break.');
    for (const href of ['/play', '/install', '#code']) expect(text).toContain(`href="${href}"`);
    expect(text).not.toContain('administrator of the account');
  });

  it('has the bot as it is on the disk, and what these lines answer', async () => {
    const { text } = await createBrowser().get(shop.url);
    expect(text).toContain('server/bot/on-message.ts');
    expect(text).toContain('You said: “Do you ship to Lisbon?”');
  });

  it('shows whoever has talked the way of that message, and nobody else', async () => {
    const { browser } = await shop.install();
    const { conversationId } = shop.zendesk.createConversation({ account: 'acme' });
    shop.zendesk.sendCustomerMessage({ conversationId, text: 'Only for me' });
    await waitUntil('it was answered', () => repliesIn(shop, conversationId)[1]);
    await waitUntil('the journey is over', async () =>
      (await browser.get(shop.url)).text.includes('The way of your newest message'),
    );
    expect((await browser.get(shop.url)).text).toContain('You said: “Only for me”');
    const stranger = await createBrowser().get(shop.url);
    expect(stranger.text).not.toContain('Only for me');
    expect(stranger.text).toContain('answered, each once');
  });

  it('begins with the accounts of whoever has some', async () => {
    const { browser } = await shop.install();
    const { text } = await browser.get(shop.url);
    expect(text.indexOf('Your accounts</h2>')).toBeLessThan(text.indexOf('<h1'));
  });
});

it('is the product’s page where there is no stand-in, without a demo', async () => {
  const shop = await startShop({ sandboxMode: false });
  const { status, text } = await createBrowser().get(shop.url);
  expect(status).toBe(200);
  expect(text).toContain('Every message answered once.');
  expect(text).toContain('Stored, then acknowledged');
  expect(text).not.toMatch(/\/play|on-message\.ts|stand-in|sandbox/i);
  await shop.close();
});

describe('what the lines of a bot answer', () => {
  it('is the last reply, with the customer’s words in it', () => {
    expect(answerOf('return reply("a");\nreturn reply(`Yes: ${message.text}`, {});', 'hi')).toBe(
      'Yes: hi',
    );
  });

  it.each(['return reply(await ask(message));', 'return reply(`${await ask()}`);', ''])(
    'is left out when they do not say it: %s',
    (code) => {
      expect(answerOf(code, 'hi')).toBeUndefined();
    },
  );
});
