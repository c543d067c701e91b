import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser, type Browser } from '../../../test/support/browser/browser.ts';
import { MESSENGER, startChat } from '../support/start-chat.ts';
import { startWorld, type World } from '../support/start-world.ts';

const PAGE = '/accounts/acme/phone';
const NUMBER = '+1 212 555 2368';
const PHONE = `${PAGE}/12125552368`;
const AI = { type: 'business', subtypes: ['AI'] };

describe('a phone', () => {
  let world: World;
  let bot: ReturnType<World['installListening']>;
  let person: Browser;

  beforeEach(async () => {
    world = await startWorld();
    bot = world.installListening();
    person = createBrowser(world.url);
  });

  afterEach(() => world.close());

  const write = (text: string, more = {}) =>
    person.send(PAGE, { phoneNumber: NUMBER, name: 'Pat', text, from: 'customer', ...more });

  it('begins a conversation by WhatsApp and goes on in it', async () => {
    const page = await write('Where is my <tent>?');
    expect(page.url).toBe(`${world.url}${PHONE}`);
    expect(page.text).toContain('Where is my &lt;tent&gt;?');
    await person.submit(page, '/messages', { text: 'Hello?' });
    const events = await world.events();
    expect(events).toMatchObject([
      { type: 'conversation:create', payload: { creationReason: 'message' } },
      { payload: { message: { source: { type: 'whatsapp' } } } },
      { payload: { message: { content: { text: 'Hello?' }, source: { type: 'whatsapp' } } } },
    ]);
    const conversationId = events[0]?.payload.conversation?.id ?? '';
    const message = { author: AI, content: { type: 'text', text: 'On its way' } };
    await bot.call('POST', `/conversations/${conversationId}/messages`, message);
    expect((await person.get(PHONE)).text).toMatch(/On its way[^]*Written by AI/);
    expect((await person.get(PAGE)).text).toContain('<bdi>Pat</bdi> · +12125552368');
  });

  it('hears of the business first by a notification', async () => {
    const page = await write('Your tent was sent', { from: 'business' });
    expect(page.text).toContain('Your tent was sent');
    expect((await world.events())[0]).toMatchObject({
      type: 'conversation:create',
      payload: { creationReason: 'notification' },
    });
  });

  it('has a carousel as plain text, without pictures, postback buttons and who wrote it', async () => {
    await write('What do you have?');
    const [created] = await world.events();
    const items = [
      {
        title: 'Tent',
        mediaUrl: 'https://shop.example/tent.png',
        actions: [
          { type: 'link', text: 'Look', uri: 'https://shop.example/tent' },
          { type: 'postback', text: 'Take it', payload: 'TAKE' },
        ],
      },
    ];
    const path = `/conversations/${created?.payload.conversation?.id}/messages`;
    const message = { author: AI, content: { type: 'carousel', items } };
    expect((await bot.call('POST', path, message)).status).toBe(201);
    const page = (await person.get(PHONE)).text;
    expect(page).toContain('1. Tent\nLook: <a href="https://shop.example/tent"');
    expect(page).not.toContain('Take it');
    expect(page).not.toContain('tent.png');
    expect(page).not.toMatch(/Written by AI|>AI</);
  });

  it('cannot be kept from writing by a message that wants one of its buttons pressed', async () => {
    await write('Hi');
    const [created] = await world.events();
    const path = `/conversations/${created?.payload.conversation?.id}/messages`;
    const content = {
      type: 'text',
      text: 'Sure?',
      blockChatInput: true,
      actions: [{ type: 'reply', text: 'Yes', payload: 'YES' }],
    };
    await bot.call('POST', path, { author: { type: 'business' }, content });
    expect((await person.get(PHONE)).text).toContain('Sure?');
    expect((await person.get(PHONE)).text).not.toContain('data-blocks');
  });

  it('blocks the business, and lets it write again', async () => {
    const page = await write('Hi');
    const blocked = await person.submit(page, '/block');
    expect(blocked.text).toContain('Unblock</button>');
    expect((await person.get(PAGE)).text).toContain('<span class="tag">blocked</span>');
    expect((await person.submit(blocked, '/unblock')).text).toContain('Block</button>');
    expect((await person.send(`${PAGE}/4930123456/block`)).status).toBe(404);
  });

  it('accepts or declines to be linked with somebody whom the bot knows', async () => {
    const { conversationId } = world.control.createConversation({
      account: 'acme',
      userExternalId: 'pat',
    });
    const { body } = await bot.call('GET', '/users/pat');
    const link = {
      matchCriteria: {
        type: 'whatsapp',
        integrationId: world.control.accounts()[0]?.whatsappIntegrationId,
        phoneNumber: NUMBER,
        primary: true,
      },
      confirmation: { type: 'prompt' },
      target: { conversationId },
    };
    const path = `/users/${body.user?.id}/clients`;
    const first = await bot.call('POST', path, link);
    expect([first.status, first.body.errors]).toEqual([201, undefined]);
    const declined = await person.submit(await person.get(PHONE), '/link/cancel');
    expect(declined.text).toContain('Nobody has written from this number.');
    await bot.call('POST', path, link);
    const accepted = await person.submit(await person.get(PHONE), '/link/confirm');
    expect(accepted.text).toContain('Block</button>');
    expect((await person.send(`${PHONE}/link/confirm`)).status).toBe(409);
  });

  it.each([
    [{ phoneNumber: '12' }, 'phoneNumber', 'Write the number with +'],
    [{ phoneNumber: '+1 212 CALL ME' }, 'phoneNumber', 'Write the number with +'],
    [{ name: 'x'.repeat(129) }, 'name', 'A name has 128 characters at most.'],
    [{ from: 'nobody' }, 'from', 'Choose who writes.'],
    [{ text: ' ' }, 'text', 'Write something first.'],
    [{ text: 'x'.repeat(4097) }, 'text', 'cannot be longer than 4096'],
  ])('is told beside the field what cannot be sent: %o', async (fields, field, why) => {
    const page = await write('Hello', fields);
    expect(page.status).toBe(400);
    expect(page.text).toMatch(
      new RegExp(`id="${field}-problem"[^>]*>[^<]*${why.replace('+', '\\+')}`),
    );
    expect(await world.events()).toEqual([]);
  });

  it('belongs to one account', async () => {
    await write('A secret');
    const other = await person.get(PHONE.replace('acme', 'bloom'));
    expect(other.text).not.toContain('A secret');
    const sent = await person.send(`${PHONE.replace('acme', 'bloom')}/messages`, { text: 'x' });
    expect(sent.status).toBe(404);
    expect((await person.get('/accounts/bloom/phone')).text).toContain('Nobody has written yet.');
  });
});

describe('a visitor who signs in', () => {
  let world: World;

  beforeEach(async () => {
    world = await startWorld();
    world.installListening();
  });

  afterEach(() => world.close());

  it('is known to the bot, and goes on with the chats of another browser', async () => {
    const { customer } = await startChat(world);
    await customer.send(`${MESSENGER}/messages`, { text: 'About tents' });
    const identity = { externalId: 'pat', name: 'Pat', email: 'pat@shop.example' };
    const page = await customer.submit(await customer.get(MESSENGER), '/sign-in', identity);
    expect(page.text).toContain('Signed in as <bdi>pat</bdi>');
    const { customer: phone } = await startChat(world);
    const merged = await phone.send(`${MESSENGER}/sign-in`, { ...identity, name: '' });
    expect(merged.text).toContain('About tents');
  });

  it('is somebody else after signing out', async () => {
    const { customer } = await startChat(world);
    await customer.send(`${MESSENGER}/messages`, { text: 'My secret' });
    await customer.send(`${MESSENGER}/sign-in`, { externalId: 'pat' });
    const page = await customer.submit(await customer.get(MESSENGER), '/sign-out');
    expect(page.text).toContain('You are the customer here');
    expect(page.text).not.toContain('My secret');
  });

  it.each([
    [{ externalId: ' ' }, 'externalId', 'Write an id.'],
    [{ externalId: 'x', email: 'nobody' }, 'email', 'This is no e-mail address.'],
    [{ externalId: 'x', name: 'x'.repeat(129) }, 'name', 'A name has 128 characters at most.'],
  ])('is told beside the field what is wrong: %o', async (fields, field, why) => {
    const { customer } = await startChat(world);
    const page = await customer.send(`${MESSENGER}/sign-in`, fields);
    expect(page.status).toBe(400);
    expect(page.text).toMatch(new RegExp(`id="sign-in-${field}-problem"[^>]*>${why}`));
    expect(page.text).not.toContain('Signed in as');
  });
});
