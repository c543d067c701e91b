import { parse } from 'node-html-parser';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser, type Browser } from '../../../../test/support/browser/browser.ts';
import { MESSENGER as PAGE, startChat } from '../../support/start-chat.ts';
import { startWorld, type World } from '../../support/start-world.ts';

let world: World;
let bot: ReturnType<World['installListening']>;
let customer: Browser;
let conversationId: string;

beforeAll(async () => {
  world = await startWorld();
  bot = world.installListening();
});
afterAll(() => world.close());
beforeEach(async () => {
  ({ customer, conversationId } = await startChat(world));
});

async function say(content: object, author: object = {}, more: object = {}) {
  const message = { author: { type: 'business', ...author }, content, ...more };
  const { status } = await bot.call('POST', `/conversations/${conversationId}/messages`, message);
  expect(status).toBe(201);
}
const look = async () => parse((await customer.get(PAGE)).text);
const desk = async () =>
  parse((await customer.get(`/accounts/acme/agent/conversations/${conversationId}`)).text);

describe('the Messenger shows', () => {
  const link = { type: 'link', text: 'Look', uri: 'https://shop.example/tent' };
  const actions = [link, { type: 'postback', text: 'Add', payload: 'ADD' }];

  it('Markdown as rich text, and nothing that runs', async () => {
    await say({ type: 'text', markdownText: 'A **bold** [tent](https://shop.example)' });
    await say({
      type: 'text',
      htmlText: '<p>Hi<script>alert(1)</script><img src=x onerror=y></p>',
    });
    const [markdown, html] = (await look()).querySelectorAll('.rich');
    expect(markdown?.querySelector('strong')?.text).toBe('bold');
    expect(markdown?.querySelector('a')?.getAttribute('href')).toBe('https://shop.example');
    expect(html?.innerHTML).toBe('<p>Hi</p>');
  });

  it('every button that a message can have', async () => {
    await say({
      type: 'text',
      text: 'Choose',
      actions: [
        ...actions,
        {
          type: 'webview',
          text: 'Build',
          uri: 'https://shop.example/b',
          fallback: 'https://x.example',
        },
        { type: 'buy', text: 'Buy', amount: 19_900, currency: 'EUR' },
      ],
    });
    const later = { type: 'reply', text: 'Later', payload: 'LATER' };
    await say({ type: 'text', text: 'Or?', actions: [later] });
    const page = await look();
    const hrefs = page.querySelectorAll('.actions a').map((one) => one.getAttribute('href'));
    expect(hrefs).toEqual(['https://shop.example/tent', 'https://shop.example/b']);
    expect(page.querySelector('.offer')?.text).toContain('Buy · €199.00');
    expect(page.querySelectorAll('.actions button').map(({ text }) => text)).toEqual(['Add']);
    expect(page.querySelector('.replies button')?.text).toBe('Later');
  });

  it('cards beside each other, also those of a list, whose buttons are below', async () => {
    const card = {
      title: 'Tent',
      description: 'For two',
      mediaUrl: 'https://shop.example/t.png',
      actions,
    };
    const displaySettings = { imageAspectRatio: 'square' };
    await say({ type: 'carousel', items: [{ ...card, size: 'large' }, card], displaySettings });
    await say({ type: 'list', items: [card], actions: [{ ...link, text: 'All of them' }] });
    const page = await look();
    const [first, second, ofList] = page.querySelectorAll('.cards > .chat-card');
    expect(first?.classNames).toBe('chat-card large square');
    expect(second?.querySelector('img')?.getAttribute('alt')).toBe('t.png');
    expect(ofList?.text).toContain('For two');
    expect((await desk()).querySelectorAll('.stack-list > .chat-card')).toHaveLength(1);
    expect(page.querySelectorAll('.actions a').at(-1)?.text).toContain('All of them');
  });

  it('pictures, files, places and templates', async () => {
    await say({
      type: 'image',
      mediaUrl: 'https://shop.example/t.png',
      altText: 'A tent',
      text: 'This?',
    });
    await say({ type: 'file', mediaUrl: 'https://shop.example/bill.pdf' });
    const location = { name: 'Shop', address: '1 High Street' };
    await say({ type: 'location', coordinates: { lat: 1.5, long: 2 }, location });
    await say({ type: 'template', template: { name: 'order_update' } }, {}, { schema: 'whatsapp' });
    const page = await look();
    expect(page.querySelector('.picture img')?.getAttribute('alt')).toBe('A tent');
    expect(page.querySelector('.file')?.text).toContain('bill.pdf');
    expect(page.querySelector('.place-shown')?.text).toContain('1 High Street');
    expect(page.querySelector('.raw')?.text).toContain('order_update');
  });

  it('who speaks, with a face, and what was written by AI', async () => {
    const avatarUrl = 'https://shop.example/robin.png';
    await say({ type: 'text', text: 'Hi' }, { displayName: 'Robin', avatarUrl, subtypes: ['AI'] });
    await say({ type: 'text', text: 'Plain' });
    const [ai, plain] = (await look()).querySelectorAll('.message');
    expect(ai?.querySelector('bdi')?.text).toBe('Robin');
    expect(ai?.querySelector('.face')?.getAttribute('src')).toBe(avatarUrl);
    expect(ai?.text).toContain('Written by AI. It can be wrong.');
    expect(plain?.text).not.toContain('AI');
  });

  it('only buttons while the bot waits for one of them', async () => {
    const reply = { type: 'reply', text: 'Yes', payload: 'YES' };
    await say({ type: 'text', text: 'Sure?', actions: [reply], blockChatInput: true });
    expect((await look()).querySelector('[data-blocks]')).not.toBeNull();
    await customer.send(`${PAGE}/replies`, { payload: 'YES' });
    expect((await look()).querySelector('[data-blocks]')).toBeNull();
  });

  it('whether the business has seen what was sent, and tells it what the customer has', async () => {
    world.control.sendCustomerMessage({ conversationId, text: 'Hello?' });
    expect((await look()).querySelector('.mark')?.text).toBe('Sent');
    const author = { type: 'business' };
    const read = { author, type: 'conversation:read' };
    await bot.call('POST', `/conversations/${conversationId}/activity`, read);
    expect((await look()).querySelector('.mark')?.text).toBe('Seen');
    world.control.takeOver(conversationId);
    expect((await look()).querySelector('.mark')?.text).toBe('');
    world.control.agentReply({ conversationId, text: 'Here' });
    expect((await desk()).querySelector('.mark')?.text).toBe('Sent');
    await look();
    expect((await desk()).querySelector('.mark')?.text).toBe('Seen');
  });

  it('hand-off and return as lines, and not what is hidden', async () => {
    world.control.sendCustomerMessage({ conversationId, text: 'start-flow', isHidden: true });
    world.control.takeOver(conversationId);
    world.control.solve(conversationId);
    const page = await look();
    const lines = page.querySelectorAll('.line p').map(({ text }) => text);
    expect(lines.join('\n')).toContain('You are now talking with Acme Outdoor’s team');
    expect(lines.join('\n')).toContain('The ticket was closed');
    expect(lines.at(-1)).toContain('You are now talking with Shop Bot, a bot');
    expect(page.text).not.toContain('start-flow');
    expect((await desk()).text).toContain('hidden from the customer');
  });

  it('that the bot which had it was removed, and who answers now', async () => {
    const other = await startWorld();
    other.installListening();
    const browser = createBrowser(other.url);
    await browser.send(`${PAGE}/conversations`);
    const [one] = other.control.installations();
    await browser.send(
      `/accounts/acme/admin/ai/ai-agents/ai-agents/marketplace-bots/${one?.id}/remove`,
    );
    const gone = parse((await browser.get(PAGE)).text);
    expect(gone.querySelector('.line')?.text).toContain(
      'You are now talking with Acme Outdoor’s team',
    );
    expect(gone.querySelector('.chat-notes')?.text).toContain('No bot is answering here');
    expect(gone.querySelector('.chat-title')?.text).toContain('A person of the team answers');
    await other.close();
  });

  it('in a frame of another page, neither the way elsewhere nor a box that takes the focus', async () => {
    const show = async (headers: Record<string, string>) => {
      const cookie = customer.cookieHeader();
      const response = await fetch(`${world.url}${PAGE}`, { headers: { cookie, ...headers } });
      const page = parse(await response.text());
      return ['[autofocus]', '.beside', '.elsewhere'].map(
        (one) => page.querySelector(one) !== null,
      );
    };
    expect(await show({})).toEqual([true, true, true]);
    expect(await show({ 'Sec-Fetch-Dest': 'iframe' })).toEqual([false, false, false]);
  });

  it('that no bot answers where there is none', async () => {
    await customer.send('/accounts/bloom/messenger/conversations');
    const { text: html } = await customer.get('/accounts/bloom/messenger');
    expect(html).toContain('No bot is answering here');
    expect((await look()).text).not.toContain('No bot is answering here');
  });
});
