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

const say = (content: object) =>
  bot.call('POST', `/conversations/${conversationId}/messages`, {
    author: { type: 'business' },
    content,
  });
const said = () => world.control.messages(conversationId);

describe('a place', () => {
  it('is sent and shown with a map, also with a decimal comma', async () => {
    const page = await customer.send(`${PAGE}/places`, {
      lat: '52,5',
      long: '-13.4',
      name: 'Home',
    });
    expect(said().at(-1)?.content).toMatchObject({
      type: 'location',
      coordinates: { lat: 52.5, long: -13.4 },
      location: { name: 'Home' },
    });
    expect(page.text).toContain('https://www.openstreetmap.org/?mlat=52.5&amp;mlon=-13.4');
  });

  it('is asked for by a button that leads to the form', async () => {
    await say({
      type: 'text',
      text: 'Where are you?',
      actions: [{ type: 'locationRequest', text: 'Send it' }],
    });
    const { text: html } = await customer.get(PAGE);
    expect(html).toMatch(/<a class="button reply" href="#lat">[\s\S]*?<bdi>Send it<\/bdi>/);
    await customer.send(`${PAGE}/places`, { lat: '1', long: '2', name: '' });
    expect((await customer.get(PAGE)).text).not.toContain('href="#lat"');
  });

  it.each([
    [{ lat: '', long: '1' }, 'lat', 'Write the latitude in degrees'],
    [{ lat: '91', long: '1' }, 'lat', 'The latitude is 90 at most.'],
    [{ lat: '1', long: '-180.5' }, 'long', 'The longitude is -180 at least.'],
    [{ lat: '1', long: '1e2' }, 'long', 'Write the longitude in degrees'],
    [{ lat: '1', long: '1', name: 'x'.repeat(129) }, 'name', 'A name has 128 characters at most.'],
  ])('that is none is refused beside the field: %o', async (fields, field, why) => {
    const page = await customer.send(`${PAGE}/places`, fields);
    expect(page.status).toBe(400);
    expect(page.text).toMatch(new RegExp(`id="${field}-problem"[^>]*>${why}`));
    for (const value of Object.values(fields)) expect(page.text).toContain(`value="${value}"`);
    expect(said()).toEqual([]);
  });
});

describe('a form of the bot', () => {
  const form = {
    type: 'form',
    fields: [
      { type: 'text', name: 'name', label: 'Your <name>', minSize: 2 },
      { type: 'email', name: 'mail', label: 'E-mail' },
      { type: 'select', name: 'size', label: 'Size', options: [{ name: 's', label: 'Small' }] },
    ],
  };
  const answers = { name: 'Al', mail: 'al@shop.example', size: 's' };

  it('is filled in once; then it shows what was answered', async () => {
    const { body } = await say(form);
    const path = `/forms/${body.messages?.[0]?.id}`;
    const page = await customer.submit(await customer.get(PAGE), path, answers);
    expect(page.status).toBe(200);
    expect(page.text).toContain('This form was answered.');
    expect(page.text).toContain('<dd dir="auto">Small</dd>');
    expect((await world.events()).at(-1)).toMatchObject({
      payload: { message: { content: { type: 'formResponse' } } },
    });
    expect((await customer.send(`${PAGE}${path}`, answers)).status).toBe(409);
  });

  it('says beside each field what is wrong, and keeps the rest', async () => {
    const { body } = await say(form);
    const path = `${PAGE}/forms/${body.messages?.[0]?.id}`;
    const page = await customer.send(path, { name: 'A', mail: 'nobody', size: 's' });
    expect(page.status).toBe(400);
    expect(page.text.match(/aria-invalid="true"/g)).toHaveLength(2);
    expect(page.text).toContain('Your &lt;name&gt;: write 2 characters at least.');
    expect(page.text).toContain('value="nobody"');
    expect(page.text).toContain('<option value="s" selected>');
    expect(said()).toHaveLength(1);
  });

  it('belongs to one conversation', async () => {
    const { body } = await say(form);
    const path = `/forms/${body.messages?.[0]?.id}`;
    const stranger = createBrowser(world.url);
    expect((await stranger.send(`${PAGE}${path}`, answers)).status).toBe(404);
    await stranger.send(`${PAGE}/conversations`);
    expect((await stranger.send(`${PAGE}${path}`, answers)).status).toBe(404);
    expect((await customer.send(`${PAGE}/forms/none`, answers)).status).toBe(404);
    expect(said()).toHaveLength(1);
  });
});

describe('the end of a chat', () => {
  it('is a line in it, and the bot hears of it', async () => {
    world.control.sendCustomerMessage({ conversationId, text: 'Thanks' });
    const page = await customer.submit(await customer.get(PAGE), '/end');
    expect(page.text).toContain('You ended the conversation');
    const desk = await customer.get(`/accounts/acme/agent/conversations/${conversationId}`);
    expect(desk.text).toContain('Customer ended the conversation');
    const sent = (await world.events()).map(({ payload }) => payload.message?.['activity']);
    expect(sent).toContainEqual({ type: 'conversation:endedByUser' });
  });

  it('by the bot is told, too', async () => {
    await bot.call('POST', `/conversations/${conversationId}/releaseControl`, {});
    const page = await customer.get(PAGE);
    expect(page.text).toContain('This conversation has ended.');
    expect(page.text).toContain('Nobody is here until you write');
    await customer.send(`${PAGE}/messages`, { text: 'One more thing' });
    expect((await customer.get(PAGE)).text).toMatch(/<h1[^>]*>Shop Bot<\/h1>\s*<p>A bot answers/);
  });
});

it.each(['files', 'places', 'forms/x', 'end', 'typing'])(
  'nothing is sent to %s before there is a conversation, or by another site',
  async (path) => {
    expect((await createBrowser(world.url).send(`${PAGE}/${path}`)).status).toBe(404);
    const foreign = await fetch(`${world.url}${PAGE}/${path}`, {
      method: 'POST',
      headers: { 'Sec-Fetch-Site': 'cross-site', cookie: customer.cookieHeader() },
    });
    expect(foreign.status).toBe(403);
  },
);
