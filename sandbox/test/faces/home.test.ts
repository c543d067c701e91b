import { parse } from 'node-html-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBrowser } from '../../../test/support/browser/browser.ts';
import { startSandbox } from '../../src/start-sandbox.ts';
import { startWorld, type World } from '../support/start-world.ts';

describe('the front page', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  async function look() {
    const { text: html } = await createBrowser(world.url).get('/');
    const [acme] = parse(html).querySelectorAll('.account');
    const words = (path: string) => acme?.querySelector(`a[href$="${path}"] small`)?.text;
    return {
      bots: acme?.querySelector('.account-bots')?.text.trim(),
      places: ['/messenger', '/phone', '/agent'].map((path) => words(path)),
    };
  }

  it('says of an account what can be done there, as long as nothing was', async () => {
    expect(await look()).toEqual({
      bots: expect.stringContaining('No bot installed yet'),
      places: ['Chat as a customer', 'Write by WhatsApp', 'Answer as an agent'],
    });
  });

  it('leads to where a bot is registered, as long as there is none', async () => {
    const empty = await startSandbox({ port: 0 });
    const visitor = createBrowser(empty.url);
    const link = 'href="/bots">Register a bot</a>';
    await visitor.send('/accounts/acme/messenger/conversations');
    for (const path of ['/', '/accounts/acme/messenger'])
      expect((await visitor.get(path)).text).toContain(link);
    await empty.close();
    const html = (await createBrowser(world.url).get('/')).text;
    expect(html.slice(0, html.indexOf('Beside them'))).not.toContain(link);
  });

  it('says who answers, what was said last, and how many wait for an agent', async () => {
    world.installListening();
    const phoneNumber = '+1 212 555 2368';
    world.control.writeFromPhone({ account: 'acme', phoneNumber, text: 'Where is my tent?' });
    expect(await look()).toEqual({
      bots: 'Shop Bot answers',
      places: ['+12125552368: Where is my tent?', '1 number', '1 conversation'],
    });
    const { conversationId } = world.control.createConversation({ account: 'acme' });
    world.control.sendCustomerMessage({ conversationId, text: '<b>Hello</b>?' });
    world.control.takeOver(conversationId);
    expect((await look()).places).toEqual([
      'Customer: <b>Hello</b>?',
      '1 number',
      '1 waiting for you',
    ]);
  });
});
