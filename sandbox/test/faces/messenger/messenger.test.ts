import { parse } from 'node-html-parser';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser } from '../../../../test/support/browser/browser.ts';
import { startWorld } from '../../support/start-world.ts';
import type { World } from '../../support/start-world.ts';

const PAGE = '/accounts/acme/messenger';

describe('the Messenger', () => {
  let world: World;
  let bot: ReturnType<World['installListening']>;
  let customer: ReturnType<typeof createBrowser>;

  beforeEach(async () => {
    world = await startWorld({ messageLimit: 5 });
    bot = world.installListening();
    customer = createBrowser(world.url);
  });

  afterEach(() => world.close());

  async function start() {
    await customer.send(`${PAGE}/conversations`);
    const [created] = await world.events();
    return created?.payload.conversation?.id ?? '';
  }

  function answer(conversationId: string, content: Record<string, unknown>) {
    return bot.call('POST', `/conversations/${conversationId}/messages`, {
      author: { type: 'business' },
      content,
    });
  }

  it('opens a conversation and tells the bot why', async () => {
    expect((await customer.get(PAGE)).text).toContain('Start a conversation');
    await start();
    expect(await world.events()).toMatchObject([
      { type: 'conversation:create', payload: { creationReason: 'startConversation' } },
    ]);
  });

  it('carries what the customer says, escaped on the page', async () => {
    await start();
    const { text: html } = await customer.send(`${PAGE}/messages`, { text: 'two\r\n<b>tents</b>' });
    expect(html).toContain('two\n&lt;b&gt;tents&lt;/b&gt;');
    expect((await world.events()).at(-1)).toMatchObject({
      payload: { message: { content: { text: 'two\n<b>tents</b>' } } },
    });
  });

  it.each([
    ['', 'Write something first.'],
    ['x'.repeat(4097), 'cannot be longer than 4096'],
  ])('says why text cannot be sent and keeps it', async (text, problem) => {
    const id = await start();
    const page = await customer.send(`${PAGE}/messages`, { text });
    expect(page.status).toBe(400);
    expect(page.text).toContain(problem);
    expect(page.text).toContain(`>${text}</textarea>`);
    expect(world.control.messages(id)).toEqual([]);
  });

  it('sends text of 4096 characters', async () => {
    const id = await start();
    const text = 'x'.repeat(4096);
    expect((await customer.send(`${PAGE}/messages`, { text })).status).toBe(200);
    expect(world.control.messages(id)).toHaveLength(1);
  });

  it('says so when the conversation is full', async () => {
    const id = await start();
    for (const text of ['1', '2', '3', '4', '5']) {
      world.control.sendCustomerMessage({ conversationId: id, text });
    }
    const page = await customer.send(`${PAGE}/messages`, { text: 'one more' });
    expect(page.text).toContain('Message limit of 5 per conversation reached.');
  });

  it('offers reply buttons until one is used', async () => {
    const id = await start();
    const actions = [{ type: 'reply', text: 'Menu, please', payload: 'MENU' }];
    await answer(id, { type: 'text', text: 'Anything else?', actions });
    expect((await customer.get(PAGE)).text).toContain('Menu, please</bdi></button>');
    const used = await customer.send(`${PAGE}/replies`, { payload: 'MENU' });
    expect(used.text).not.toContain('Menu, please</bdi></button>');
    expect((await world.events()).at(-1)).toMatchObject({
      payload: { message: { content: { text: 'Menu, please', payload: 'MENU' } } },
    });
    expect((await customer.send(`${PAGE}/replies`, { payload: 'MENU' })).status).toBe(409);
  });

  it('cuts the label of a reply button as Zendesk does, and sends all of it', async () => {
    const label = 'I would like to speak with somebody about it';
    const actions = [{ type: 'reply', text: label, payload: 'TALK' }];
    await answer(await start(), { type: 'text', text: 'What now?', actions });
    const shown = parse((await customer.get(PAGE)).text).querySelector('.replies button')?.text;
    expect(shown).toBe(`${label.slice(0, 39)}…`);
    expect((await customer.send(`${PAGE}/replies`, { payload: 'TALK' })).text).toContain(label);
  });

  it('sends postbacks of cards, and only of cards that were sent', async () => {
    const id = await start();
    const actions = [{ type: 'postback', text: 'Choose', payload: 'T2', metadata: { size: 2 } }];
    await answer(id, { type: 'carousel', items: [{ title: 'Tent', actions }] });
    expect((await customer.get(PAGE)).text).toContain('Choose</button>');
    await customer.send(`${PAGE}/postbacks`, { payload: 'T2' });
    expect((await world.events()).at(-1)).toMatchObject({
      type: 'conversation:postback',
      payload: { postback: { payload: 'T2', metadata: { size: 2 } } },
    });
    expect((await customer.send(`${PAGE}/postbacks`, { payload: 'T3' })).status).toBe(409);
  });

  it('makes no link of an address that is not a web address', async () => {
    const id = await start();
    const actions = [{ type: 'link', text: 'Press', uri: 'javascript:alert(1)' }];
    await answer(id, { type: 'text', text: 'Look', actions });
    expect((await customer.get(PAGE)).text).not.toContain('href="javascript:');
  });

  it('shows that the bot is typing until it says something', async () => {
    const id = await start();
    const author = { type: 'business' };
    await bot.call('POST', `/conversations/${id}/activity`, { author, type: 'typing:start' });
    expect((await customer.get(PAGE)).text).toContain('Typing…');
    await answer(id, { type: 'text', text: 'Here' });
    expect((await customer.get(PAGE)).text).not.toContain('Typing…');
  });

  it('keeps browsers and accounts apart', async () => {
    await start();
    await customer.send(`${PAGE}/messages`, { text: 'my secret' });
    const stranger = createBrowser(world.url);
    expect((await stranger.get(PAGE)).text).not.toContain('my secret');
    expect((await customer.get('/accounts/bloom/messenger')).text).not.toContain('my secret');
    expect((await stranger.send(`${PAGE}/messages`, { text: 'hello' })).status).toBe(404);
  });

  it('starts afresh with a new conversation', async () => {
    await start();
    await customer.send(`${PAGE}/messages`, { text: 'the old one' });
    const { text: html } = await customer.send(`${PAGE}/conversations`);
    expect(parse(html).querySelector('.log')?.text).not.toContain('the old one');
  });

  it('announces changes of this conversation by server-sent events', async () => {
    const id = await start();
    const headers = { cookie: customer.cookieHeader() };
    const response = await fetch(`${world.url}${PAGE}/changes`, { headers });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const reader = response.body?.getReader();
    const read = async () => new TextDecoder().decode((await reader?.read())?.value);
    // At once, so that a page knows that the stream gets through.
    expect(await read()).toContain('event: alive\ndata\n\n');
    await answer(id, { type: 'text', text: 'Here' });
    expect(await read()).toBe('data: changed\n\n');
    await reader?.cancel();
  });

  it('refuses forms of other sites and unknown accounts', async () => {
    const foreign = await fetch(`${world.url}${PAGE}/conversations`, {
      method: 'POST',
      headers: { 'Sec-Fetch-Site': 'cross-site' },
    });
    expect(foreign.status).toBe(403);
    expect((await customer.get('/accounts/nobody/messenger')).status).toBe(404);
  });
});
