import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { APP, startZoom } from './support/start-zoom.ts';
import type { ZoomWorld } from './support/start-zoom.ts';

const SECRET_TOKEN = 'event-secret';

const hmac = (text: string) => createHmac('sha256', SECRET_TOKEN).update(text).digest('hex');

describe('events from Zoom', () => {
  let world: ZoomWorld;

  beforeEach(async () => {
    world = await startZoom();
  });

  afterEach(() => world.close());

  async function received() {
    await world.zoom.settled();
    return world.receiver.received.map(({ headers, body }) => ({
      timestamp: String(headers['x-zm-request-timestamp']),
      signature: headers['x-zm-signature'],
      body,
    }));
  }

  it('tell an app that a user removed it, signed over the timestamp and the body', async () => {
    const { access_token: token } = await world.connect();
    world.zoom.deauthorize(world.owner.id);
    const [event, ...others] = await received();
    expect(others).toEqual([]);
    expect(event?.body).toMatchObject({
      event: 'app_deauthorized',
      event_ts: expect.any(Number),
      payload: {
        account_id: world.zoomAccountId,
        user_id: world.owner.id,
        client_id: APP.clientId,
        deauthorization_time: expect.any(String),
      },
    });
    const signed = `v0:${event?.timestamp}:${JSON.stringify(event?.body)}`;
    expect(event?.signature).toBe(`v0=${hmac(signed)}`);
    expect(Math.abs(Number(event?.timestamp) * 1000 - Date.now())).toBeLessThan(60_000);
    expect((await world.api(token, 'GET', '/users/me')).status).toBe(401);
  });

  it('follow a revoke, too', async () => {
    const { access_token: token } = await world.connect();
    await world.oauth('revoke', { token });
    expect(await received()).toMatchObject([{ body: { event: 'app_deauthorized' } }]);
  });

  it('do not follow a new authorization, which only replaces the tokens', async () => {
    await world.connect();
    await world.connect();
    expect(await received()).toEqual([]);
  });

  it('are tried three times more unless answered with 200 or 204', async () => {
    await world.connect();
    world.receiver.script.push(500, 401, 301, 500);
    world.zoom.deauthorize(world.owner.id);
    const attempts = await received();
    expect(attempts).toHaveLength(4);
    expect(new Set(attempts.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    await world.connect();
    world.receiver.script.push(500, 204);
    world.zoom.deauthorize(world.owner.id);
    expect(await received()).toHaveLength(6);
  });

  it('are not sent to an app without an event URL', async () => {
    await world.connect();
    const app = { ...APP, name: 'Deaf', redirectUris: [world.redirectUri], scopes: [] };
    world.registerZoomApp(app);
    world.zoom.deauthorize(world.owner.id);
    expect(await received()).toEqual([]);
    expect(world.zoom.grants()).toEqual([]);
  });

  it('are not sent to an address before it has proved that it knows the secret token', async () => {
    await world.connect();
    const app = { ...APP, name: 'New', redirectUris: [world.redirectUri], scopes: [] };
    const eventUrl = `${world.receiver.url}/new`;
    world.registerZoomApp({ ...app, eventUrl, secretToken: 'another' });
    world.zoom.deauthorize(world.owner.id);
    const asked = await received();
    expect(asked.map(({ body }) => body)).toEqual(
      Array(4).fill(expect.objectContaining({ event: 'endpoint.url_validation' })),
    );

    world.receiver.settings.zoomSecret = 'another';
    await world.connect();
    world.zoom.deauthorize(world.owner.id);
    expect((await received()).slice(4)).toMatchObject([
      { body: { event: 'endpoint.url_validation' } },
      { body: { event: 'app_deauthorized' } },
    ]);
  });

  it('can be made stale or falsely signed by a test, which sees the answer', async () => {
    world.receiver.script.push(401);
    const event = { clientId: APP.clientId, event: 'app_deauthorized', payload: {} };
    const answer = await world.zoom.sendEvent({ ...event, timestamp: 1000, badSignature: true });
    expect(answer).toEqual({ status: 401, body: '{}' });
    const [sent] = await received();
    expect(sent?.timestamp).toBe('1000');
    expect(sent?.signature).not.toBe(`v0=${hmac(`v0:1000:${JSON.stringify(sent?.body)}`)}`);
  });
});

describe('validating an event URL', () => {
  const bodySchema = z.object({
    event: z.literal('endpoint.url_validation'),
    payload: z.object({ plainToken: z.string() }),
  });

  /** What an app with this event URL would be judged. */
  async function judge(answer: (plainToken: string) => string): Promise<boolean> {
    const server = createServer((request, response) => {
      void respond(request, response);
    });
    async function respond(request: IncomingMessage, response: ServerResponse) {
      response.end(answer(bodySchema.parse(await json(request)).payload.plainToken));
    }
    server.listen(0);
    await once(server, 'listening');
    const address = server.address();
    const eventUrl = `http://localhost:${typeof address === 'object' ? address?.port : ''}/events`;
    const world = await startZoom();
    world.registerZoomApp({
      ...APP,
      name: 'Listening',
      redirectUris: [world.redirectUri],
      scopes: [],
      eventUrl,
      secretToken: SECRET_TOKEN,
    });
    const isProved = await world.zoom.validateEventUrl(APP.clientId);
    await world.close();
    server.close();
    server.closeAllConnections();
    return isProved;
  }

  it('takes the plain token with its HMAC', async () => {
    const answer = (plainToken: string) =>
      JSON.stringify({ plainToken, encryptedToken: hmac(plainToken) });
    expect(await judge(answer)).toBe(true);
  });

  it.each([
    ['no proof', () => '{}'],
    ['no JSON', () => 'fine'],
    [
      'a proof without the secret',
      (plainToken: string) => JSON.stringify({ plainToken, encryptedToken: plainToken }),
    ],
    [
      'a proof of another token',
      () => JSON.stringify({ plainToken: 'x', encryptedToken: hmac('x') }),
    ],
  ])('does not take %s', async (_case, answer) => {
    expect(await judge(answer)).toBe(false);
  });
});
