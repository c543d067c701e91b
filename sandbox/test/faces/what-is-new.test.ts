import { parse } from 'node-html-parser';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Browser } from '../../../test/support/browser/browser.ts';
import { MESSENGER, startChat } from '../support/start-chat.ts';
import { startWorld, type World } from '../support/start-world.ts';

describe('a page that is asked for again', () => {
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
    for (const text of ['One', 'Two']) world.control.sendCustomerMessage({ conversationId, text });
  });

  const tell = (text: string) => world.control.sendCustomerMessage({ conversationId, text });

  async function look(known?: string, path = MESSENGER) {
    const headers = { cookie: customer.cookieHeader(), ...(known && { 'X-Known-Log': known }) };
    const response = await fetch(`${world.url}${path}`, { headers });
    const log = parse(await response.text()).querySelector('#log');
    return {
      known: log?.getAttribute('data-known'),
      after: log?.getAttribute('data-after'),
      texts: log?.querySelectorAll('.text').map(({ text }) => text),
    };
  }

  it('has only what came since', async () => {
    const { known, texts } = await look();
    expect(texts).toEqual(['One', 'Two']);
    tell('Three');
    const news = await look(known);
    expect(news.texts).toEqual(['Three']);
    expect(news.after).toBe(known?.split(' ')[1]);
    expect(await look(news.known)).toMatchObject({ texts: [], known: news.known });
  });

  it('has everything when something of it has changed, or is not known', async () => {
    const fields = [{ type: 'text', name: 'size', label: 'Size' }];
    const { body } = await bot.call('POST', `/conversations/${conversationId}/messages`, {
      author: { type: 'business' },
      content: { type: 'form', fields },
    });
    const { known } = await look();
    await customer.send(`${MESSENGER}/forms/${body.messages?.[0]?.id}`, { size: 'M' });
    const changed = await look(known);
    expect(changed.after).toBeUndefined();
    expect(changed.texts).toEqual(['One', 'Two']);
    for (const wrong of ['', 'x', 'x y z', `${known} more`, 'x '.repeat(999)])
      expect((await look(wrong)).texts).toEqual(['One', 'Two']);
  });

  it('is so for agents, and for whoever looks at all of a long conversation', async () => {
    const desk = `/accounts/acme/agent/conversations/${conversationId}`;
    const { known } = await look(undefined, desk);
    for (let n = 0; n < 210; n += 1) tell(`${n}.`);
    expect((await look(known, desk)).texts).toHaveLength(210);
    const newest = await look();
    expect(newest.texts).toHaveLength(200);
    tell('News');
    expect((await look(newest.known)).texts).toEqual(['News']);
    const all = await look(undefined, `${MESSENGER}?all=1`);
    expect(all.texts).toHaveLength(213);
  });
});

describe('a message that comes twice', () => {
  it('is one, if it has the same name in the same conversation', async () => {
    const world = await startWorld();
    const bot = world.installListening();
    const { customer, conversationId } = await startChat(world);
    const said = () => world.control.messages(conversationId).length;
    const key = 'a1b2c3d4e5';
    for (const _time of [1, 2]) await customer.send(`${MESSENGER}/messages`, { text: 'Hi', key });
    expect(said()).toBe(1);
    const events = (await world.events()).filter(({ type }) => type === 'conversation:message');
    expect(JSON.stringify(events)).not.toContain(key);
    await customer.send(`${MESSENGER}/messages`, { text: 'Hi', key: 'another-one' });
    for (const _time of [1, 2])
      await customer.send(`${MESSENGER}/messages`, { text: 'Hi', key: 'no name' });
    expect(said()).toBe(4);
    const author = { type: 'business' };
    const actions = [{ type: 'reply', text: 'Yes', payload: 'YES' }];
    await bot.call('POST', `/conversations/${conversationId}/messages`, {
      author,
      content: { type: 'text', text: 'Sure?', actions },
    });
    const reply = { payload: 'YES', key: 'of-a-button' };
    for (const _time of [1, 2])
      expect((await customer.send(`${MESSENGER}/replies`, reply)).status).toBe(200);
    expect(said()).toBe(6);
    world.control.takeOver(conversationId);
    const desk = `/accounts/acme/agent/conversations/${conversationId}/messages`;
    for (const _time of [1, 2]) await customer.send(desk, { text: 'Here', key: 'from-the-desk' });
    expect(said()).toBe(7);
    await world.close();
  });
});
