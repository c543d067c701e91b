import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Browser } from '../../../../test/support/browser/browser.ts';
import { MESSENGER as PAGE, startChat } from '../../support/start-chat.ts';
import { startWorld, type World } from '../../support/start-world.ts';

let world: World;
let customer: Browser;
let conversationId: string;

beforeAll(async () => {
  world = await startWorld();
  world.installListening();
});
afterAll(() => world.close());
beforeEach(async () => {
  ({ customer, conversationId } = await startChat(world));
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

  it('that Zendesk does not take is refused beside the field', async () => {
    const page = await upload(new Blob(['{}']), { name: 'orders.json', caption: 'My words' });
    expect(page.status).toBe(415);
    expect(page.text).toMatch(/id="file-problem"[^>]*>[^<]*File extension not allowed/);
    expect(page.text).toContain('value="My words"');
    expect(said()).toEqual([]);
  });

  it('in anything but a form is refused', async () => {
    const page = await customer.send(`${PAGE}/files`, { file: 'words' });
    expect(page.status).toBe(400);
    expect(page.text).toContain('Choose a file first.');
  });
});
