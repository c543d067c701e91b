import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser } from '../../../test/support/browser.ts';
import { startWorld } from '../support/start-world.ts';
import type { World } from '../support/start-world.ts';

const PAGE = '/accounts/acme/messenger';

let world: World;
let bot: ReturnType<World['installListening']>;
let customer: ReturnType<typeof createBrowser>;
let conversationId: string;

beforeAll(async () => {
  world = await startWorld();
  bot = world.installListening();
});
afterAll(() => world.close());
beforeEach(async () => {
  customer = createBrowser(world.url);
  await customer.send(`${PAGE}/conversations`);
  const created = (await world.events()).findLast(({ type }) => type === 'conversation:create');
  conversationId = created?.payload.conversation.id ?? '';
});

const say = (content: object) =>
  bot.call('POST', `/conversations/${conversationId}/messages`, {
    author: { type: 'business' },
    content,
  });
const said = () => world.control.messages(conversationId);

describe('a file', () => {
  /** As a browser sends the form: multipart, and without a script. */
  async function upload(file: Blob | undefined, { name = 'tent.png', caption = '' } = {}) {
    const form = new FormData();
    if (file) form.set('file', file, name);
    form.set('caption', caption);
    const headers = { cookie: customer.cookieHeader() };
    const response = await fetch(`${world.url}${PAGE}/files`, {
      method: 'POST',
      body: form,
      headers,
    });
    return { status: response.status, text: await response.text() };
  }

  it('is sent as a picture with its caption, and is there to look at', async () => {
    const page = await upload(new Blob(['PNG'], { type: 'image/png' }), {
      caption: 'Like <this>?',
    });
    expect(page.status).toBe(200);
    expect(page.text).toContain('Like &lt;this&gt;?');
    const content = said().at(-1)?.content;
    expect(content).toMatchObject({ type: 'image', mediaType: 'image/png', text: 'Like <this>?' });
    const [, address = ''] = /<img src="([^"]+)" alt="tent.png"/.exec(page.text) ?? [];
    const headers = { 'Sec-Fetch-Site': 'same-origin' };
    expect(await (await fetch(address, { headers })).text()).toBe('PNG');
  });

  it('of another kind shows its name and size', async () => {
    const page = await upload(new Blob(['x'.repeat(3000)], { type: 'application/pdf' }), {
      name: 'a "bill" ñ.pdf',
    });
    expect(said().at(-1)?.content).toMatchObject({ type: 'file', mediaSize: 3000 });
    expect(page.text).toContain('application/pdf, 3 KB');
    expect(page.text).toContain('ñ.pdf');
  });

  it('that is a page of its own is not shown as a picture', async () => {
    const page = await upload(new Blob(['<svg/>'], { type: 'image/svg+xml' }), { name: 'x.svg' });
    expect(page.text).not.toMatch(/<img src="[^"]*x\.svg/);
    expect(page.text).toContain('image/svg+xml, 1 KB');
  });

  it.each([
    ['that was not chosen', undefined, 'Choose a file first.', 400],
    ['that is empty', new Blob([]), 'Choose a file first.', 400],
    ['of more than 50 MB', new Blob(['x'.repeat(51 * 1024 * 1024)]), 'at most', 413],
  ])('%s is refused beside the field, and the caption stays', async (_what, file, why, status) => {
    const page = await upload(file, { caption: 'My words' });
    expect(page.status).toBe(status);
    expect(page.text).toMatch(new RegExp(`id="file-problem"[^>]*>[^<]*${why}`));
    expect(page.text).toContain('<details class="attach" open>');
    if (status === 400) expect(page.text).toContain('value="My words"');
    expect(said()).toEqual([]);
  });

  it('in anything but a form is refused', async () => {
    const page = await customer.send(`${PAGE}/files`, { file: 'words' });
    expect(page.status).toBe(400);
    expect(page.text).toContain('Choose a file first.');
  });
});

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
    expect(page.text).toContain('Customer ended the conversation');
    const sent = (await world.events()).map(({ payload }) => payload.message?.['activity']);
    expect(sent).toContainEqual({ type: 'conversation:endedByUser' });
  });

  it('by the bot is told, too', async () => {
    await bot.call('POST', `/conversations/${conversationId}/releaseControl`, {});
    const page = await customer.get(PAGE);
    expect(page.text).toContain('This conversation has ended.');
    expect(page.text).toContain('Nobody is here until you write');
    await customer.send(`${PAGE}/messages`, { text: 'One more thing' });
    expect((await customer.get(PAGE)).text).toContain('You talk to <bdi>Shop Bot</bdi>');
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
