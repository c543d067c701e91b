import { join } from 'node:path';
import { promisify } from 'node:util';
import express from 'express';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findProjectRoot } from '../../../server/config/env-file.ts';
import { viewHelpers } from '../../src/web/view-helpers.ts';
import { createBrowser } from '../../../test/support/browser/browser.ts';
import { startWorld, type World } from '../support/start-world.ts';

const NO_WEB_ADDRESSES = ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'x'];
const PAGE = '/accounts/acme/messenger';
const business = { type: 'business' };

let world: World;
let bot: ReturnType<World['install']>;
let conversationId: string;
let customer: ReturnType<typeof createBrowser>;
beforeAll(async () => {
  world = await startWorld();
  bot = world.install();
});
beforeEach(async () => {
  customer = createBrowser(world.url);
  await customer.send(`${PAGE}/conversations`);
  const { text: html } = await customer.get('/accounts/acme/agent');
  conversationId = /agent\/conversations\/(\w+)"/.exec(html)?.[1] ?? '';
});
afterAll(() => world.close());

const post = (content: object) =>
  bot.call('POST', `/conversations/${conversationId}/messages`, { author: business, content });

describe('an address in a chat', () => {
  const LINK =
    '<a href="https://shop.example/?a=1&amp;b=%22" target="_blank" rel="noopener noreferrer">https://shop.example/?a=1&amp;b=%22</a>';

  it('is a link for the customer and for the agent, whoever wrote it', async () => {
    const text = 'See <b>https://shop.example/?a=1&b=%22</b>, or javascript:alert(1).';
    await customer.send(`${PAGE}/messages`, { text });
    await post({ type: 'text', text: `${text} Yours, the bot` });
    const desk = `/accounts/acme/agent/conversations/${conversationId}`;
    for (const path of [PAGE, desk]) {
      const { text: html } = await customer.get(path);
      expect(html.split(LINK)).toHaveLength(3);
      expect(html).toContain(`See &lt;b&gt;${LINK}&lt;/b&gt;, or javascript:alert(1).`);
      expect(html).not.toContain('href="javascript:');
    }
  });

  it('is one in the description of a card and beside a picture, too', async () => {
    const actions = [{ type: 'link', text: 'Look', uri: 'https://shop.example' }];
    const card = { title: 'Tent', description: 'https://shop.example/tent', actions };
    await post({ type: 'carousel', items: [card] });
    const mediaUrl = 'https://shop.example/tent.png';
    await post({ type: 'image', mediaUrl, text: 'https://shop.example/photo' });
    const { text: html } = await customer.get(PAGE);
    for (const name of ['tent', 'photo'])
      expect(html).toContain(`href="https://shop.example/${name}"`);
  });
});

describe('an address that is not http(s)', () => {
  const card = (more: object) => ({ type: 'carousel', items: [{ title: 'Tent', ...more }] });
  const link = { type: 'link', text: 'Look', uri: 'https://shop.example' };
  const webview = {
    type: 'webview',
    text: 'Look',
    uri: 'https://a.example',
    fallback: 'https://b.example',
  };
  const CONTENTS: [where: string, content: (address: string) => object][] = [
    ['a picture', (mediaUrl) => ({ type: 'image', mediaUrl })],
    ['a file', (mediaUrl) => ({ type: 'file', mediaUrl })],
    ['a card', (mediaUrl) => card({ mediaUrl, actions: [link] })],
    ['a link', (uri) => ({ type: 'text', text: 'x', actions: [{ ...link, uri }] })],
    ['a link of a card', (uri) => card({ actions: [{ ...link, uri }] })],
    ['a webview', (uri) => ({ type: 'text', text: 'x', actions: [{ ...webview, uri }] })],
    [
      'a webview’s fallback',
      (fallback) => ({ type: 'text', text: 'x', actions: [{ ...webview, fallback }] }),
    ],
    [
      'the icon of a reply',
      (iconUrl) => ({
        type: 'text',
        text: 'x',
        actions: [{ type: 'reply', text: 'y', payload: 'z', iconUrl }],
      }),
    ],
  ];

  it.each(CONTENTS)('is refused for %s, and what is http(s) is taken', async (_where, content) => {
    for (const address of NO_WEB_ADDRESSES) {
      expect([address, (await post(content(address))).status]).toEqual([address, 400]);
    }
    for (const address of ['https://shop.example/a', 'http://localhost:3000/a']) {
      expect([address, (await post(content(address))).status]).toEqual([address, 201]);
    }
  });

  it('is refused for people and conversations', async () => {
    for (const address of NO_WEB_ADDRESSES) {
      const author = { ...business, avatarUrl: address };
      const content = { type: 'text', text: 'x' };
      const message = { author, content };
      const answers = [
        await bot.call('POST', `/conversations/${conversationId}/messages`, message),
        await bot.call('POST', '/users', { externalId: address, profile: { avatarUrl: address } }),
        await bot.call('PATCH', `/conversations/${conversationId}`, { iconUrl: address }),
      ];
      expect(answers.map(({ status }) => status)).toEqual([400, 400, 400]);
    }
  });

  it('is refused for an app that a program registers', () => {
    const app = {
      clientId: 'a',
      clientSecret: 'b',
      name: 'c',
      redirectUris: ['https://a.example'],
    };
    for (const address of NO_WEB_ADDRESSES) {
      for (const name of ['iconUrl', 'installUrl', 'removeUrl', 'configurationUrl'])
        expect(() => world.registerClient({ ...app, [name]: address })).toThrow('http');
      expect(() => world.registerClient({ ...app, redirectUris: [address] })).toThrow('http');
      const zoom = { clientId: 'a-_', clientSecret: 'b', name: 'c', scopes: [] };
      expect(() => world.registerZoomApp({ ...zoom, redirectUris: [address] })).toThrow('http');
    }
  });

  it.each(NO_WEB_ADDRESSES)(
    'is no link on the page, even if it got that far: %s',
    async (address) => {
      const app = express().set('view engine', 'ejs');
      app.set('views', join(findProjectRoot(), 'sandbox/views'));
      const render = promisify<string, object, string>(app.render.bind(app));
      const actions = [
        { ...link, uri: address },
        { ...webview, uri: address },
      ];
      const contents = [
        { type: 'file', mediaUrl: address, text: 'x' },
        { type: 'image', mediaUrl: address, actions },
        card({ mediaUrl: address, actions }),
        { ...card({ mediaUrl: address, actions }), type: 'list', actions },
        { type: 'text', htmlText: `<a href="${address}">x</a>`, text: 'x' },
      ];
      for (const content of contents) {
        const message = { content };
        const locals = { ...viewHelpers, message, buttons: true, action: '/x', refused: undefined };
        expect(await render('chat/content', locals)).not.toMatch(/\s(?:href|src)=/);
      }
    },
  );
});

describe('from the sandbox to the bot', () => {
  it('every page has a link, in a tab of its own', async () => {
    const address = `href="${world.receiver.url}/" target="_blank" rel="noopener"`;
    for (const path of ['/', PAGE, '/faults', '/zoom', '/portal', '/nowhere']) {
      expect((await customer.get(path)).text, path).toContain(address);
    }
  });

  it('a chat has one to the page that the bot has for its account', async () => {
    const [own] = (await customer.get(PAGE)).text.split('<aside class="beside"').slice(1);
    expect(own).toContain(`href="${world.receiver.url}/" target="_blank" rel="noopener"`);
    world.registerClient({
      clientId: 'with-settings',
      clientSecret: 'secret',
      name: 'Bot with settings',
      redirectUris: ['https://settings.example/oauth'],
      configurationUrl: 'https://settings.example/account',
    });
    world.install({ account: 'old-mill', clientId: 'with-settings' });
    const { text: html } = await customer.get('/accounts/old-mill/messenger');
    const address = 'href="https://settings.example/account" target="_blank" rel="noopener"';
    expect(html.slice(html.indexOf('<aside class="beside"'))).toContain(address);
  });

  it('an account without a bot says where one is installed', async () => {
    world.registerClient({
      clientId: 'second-bot',
      clientSecret: 'secret',
      name: 'Second <Bot>',
      redirectUris: ['https://second.example/oauth'],
      installUrl: 'https://second.example/install',
    });
    const link =
      '<a href="https://second.example/install" target="_blank" rel="noopener">Install <bdi>Second &lt;Bot&gt;</bdi></a>';
    const home = await customer.get('/');
    expect(home.text).toContain('No bot installed yet');
    expect(home.text).toContain(link.replace('<a ', '<a class="button small" '));
    const admin = await customer.get(
      '/accounts/bloom/admin/ai/ai-agents/ai-agents/marketplace-bots',
    );
    expect(admin.text).toContain(link);
  });
});
