import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { waitUntil } from '../support/wait-until.ts';
import { createVisitor, type Visitor } from './support/create-visitor.ts';
import { CLIENT, startDemo, type Demo } from './support/start-demo.ts';

const Token = z.object({ access_token: z.string() });
const Upload = z.object({ attachment: z.object({ mediaUrl: z.string() }) });
const Info = z.object({ app: z.object({ id: z.string() }) });

let demo: Demo;
afterEach(() => demo.close());

const open = (address = '192.0.2.1') =>
  fetch(`${demo.url}/portal`, { headers: { 'X-Forwarded-For': address } });

/** A token of the visitor's account, as the bot would get it. */
async function authorize(visitor: Visitor) {
  const callback = new URL(await visitor.allow(demo.shopUrl, `acme${visitor.mark}`));
  const answer = await fetch(`${demo.url}/sc/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      code: callback.searchParams.get('code'),
      grant_type: 'authorization_code',
      client_id: CLIENT.clientId,
      client_secret: CLIENT.clientSecret,
    }),
  });
  const { access_token: token } = Token.parse(await answer.json());
  const headers = { authorization: `Bearer ${token}` };
  const info = await fetch(`${demo.url}/sc/v2/tokenInfo`, { headers });
  return { token, appId: Info.parse(await info.json()).app.id };
}

describe('the room of the public demo', () => {
  it('makes room with the emptiest sandbox that nobody visited lately', async () => {
    demo = await startDemo({ worlds: 3 });
    const [full, empty, recent] = [
      await createVisitor(demo),
      await createVisitor(demo),
      await createVisitor(demo),
    ];
    await full.post(`/accounts/acme${full.mark}/messenger/conversations`);
    await demo.restartSandbox();
    demo.clock.advance(61 * 60_000);
    expect((await recent.open('/')).text).toContain('Acme Outdoor');
    const newcomer = await createVisitor(demo);
    expect((await empty.open('/')).text).toContain('Open my sandbox');
    expect((await full.open('/')).text).toContain('Acme Outdoor');
    // Both have been visited now, and so has the newcomer's: nobody has to make room.
    expect((await open()).status).toBe(503);
    for (const visitor of [full, recent, newcomer])
      expect((await visitor.open('/')).text).toContain('Acme Outdoor');
  });

  it('never ends a sandbox for another while somebody looks at it', async () => {
    demo = await startDemo({ worlds: 1 });
    const visitor = await createVisitor(demo);
    const cookie = `sandbox_world=${visitor.cookies.get('sandbox_world')?.value}`;
    const stop = new AbortController();
    const { signal } = stop;
    await fetch(`${demo.url}/zoom/changes`, { headers: { cookie }, signal });
    demo.clock.advance(61 * 60_000);
    expect((await open()).status).toBe(503);
    stop.abort();
    await expect.poll(async () => (await open()).status).toBe(200);
  });

  it('lets those go first whose cookie never came back, so that a flood does not fill it', async () => {
    demo = await startDemo({ worlds: 4, newWorldsAnHour: 100 });
    const visitor = await createVisitor(demo);
    for (let address = 0; address < 17; address += 1) {
      for (let n = 0; n < 3; n += 1) await open(`198.51.100.${address}`);
      demo.clock.advance(61_000);
    }
    expect((await open('192.0.2.9')).status).toBe(200);
    expect((await visitor.open('/')).text).toContain('Acme Outdoor');
  });

  it("reads a visitor's file without the cookie: with the bot's token, and with none where files are not private", async () => {
    demo = await startDemo();
    const visitor = await createVisitor(demo);
    const { token, appId } = await authorize(visitor);
    const headers = { authorization: `Bearer ${token}` };
    const form = new FormData();
    form.append('source', new Blob(['x'], { type: 'image/png' }), 'a.png');
    const body = Buffer.from(await new Response(form).arrayBuffer());
    const boundary = /^--(\S+)/.exec(body.toString('latin1'))?.[1] ?? '';
    const path = `/accounts/acme${visitor.mark}/sc/v2/apps/${appId}/attachments?access=public`;
    const upload = await fetch(`${demo.url}${path}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': `multipart/form-data; boundary=${boundary}` },
      body,
    });
    const { attachment } = Upload.parse(await upload.json());
    expect((await fetch(attachment.mediaUrl)).status).toBe(401);
    expect(await (await fetch(attachment.mediaUrl, { headers })).text()).toBe('x');
    await visitor.post(`/accounts/acme${visitor.mark}/admin/channels/messaging`, {
      controlSetting: 'conversational',
    });
    expect((await fetch(attachment.mediaUrl)).status).toBe(200);
  });

  it('counts uploaded files, and says no in plain words when a sandbox is full of them', async () => {
    demo = await startDemo({ worldCharacters: 170_000 });
    const visitor = await createVisitor(demo);
    const { token, appId } = await authorize(visitor);
    async function upload(): Promise<Response> {
      const form = new FormData();
      form.append('source', new Blob([Buffer.alloc(60_000)], { type: 'image/png' }), 'a.png');
      const path = `/accounts/acme${visitor.mark}/sc/v2/apps/${appId}/attachments`;
      const body = Buffer.from(await new Response(form).arrayBuffer());
      const type = new Response(form).headers.get('content-type') ?? '';
      const boundary = /^--(\S+)/.exec(body.toString('latin1'))?.[1] ?? '';
      return await fetch(`${demo.url}${path}?access=public`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': type.replace(/boundary=.*/, `boundary=${boundary}`),
        },
        body,
      });
    }
    const answers = [await upload(), await upload(), await upload(), await upload()];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 423, 423]);
    expect(await answers[3]?.text()).toContain('This sandbox is full. Its visitor can start over.');
    await waitUntil('the page shows it', async () =>
      /All of it<\/dt><dd>1[5-6]\d of 166 KB/.test((await visitor.open('/your-sandbox')).text),
    );
    const page = await visitor.post('/faults/reset');
    expect(page.status).toBe(303);
  });
});
