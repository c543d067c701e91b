import { createHmac } from 'node:crypto';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { receiveEvents } from '../../../../server/features/connections/providers/zoom/events.ts';
import type { SecretToken } from '../../../../server/features/connections/providers/zoom/signature.ts';
import type { Database } from '../../../../server/store/engines/database.ts';
import { bindTo } from '../../../../server/web/handlers.ts';
import { engines, openTestDatabase } from '../../../support/store/engines.ts';
import { serve } from '../../../support/network/serve.ts';
import { createContext } from '../support/create-context.ts';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase(engines[0] ?? 'sqlite');
});
afterAll(() => database.close());

const validation = (plainToken: string) =>
  JSON.stringify({ event: 'endpoint.url_validation', payload: { plainToken } });
const goneOf = (name: string) =>
  JSON.stringify({
    event: 'app_deauthorized',
    payload: { user_id: 'u', account_id: 'a', client_id: name },
  });
const GONE = goneOf('c');

/** The route alone, with these tokens; `post` signs with any. */
async function startReceiver(secretTokens: readonly (string | SecretToken)[]) {
  const listOfUser = vi.fn(async () => []);
  const context = createContext(database);
  const to = bindTo({
    ...context,
    connections: { ...context.connections, listOfUser },
    secretTokens: secretTokens.map((one) =>
      typeof one === 'string' ? { clientId: null, token: one } : one,
    ),
  });
  const place = await serve(
    express().post('/', express.raw({ type: () => true }), to(receiveEvents)),
  );
  return {
    listOfUser,
    close: place.close,
    async post(body: string, token: string) {
      const stamp = String(Math.floor(Date.now() / 1000));
      const signature = createHmac('sha256', token).update(`v0:${stamp}:${body}`).digest('hex');
      const headers = { 'x-zm-request-timestamp': stamp, 'x-zm-signature': `v0=${signature}` };
      return await fetch(place.url, { method: 'POST', headers, body });
    },
  };
}

describe('without a token', () => {
  it('refuses everything while no secret token is configured', async () => {
    const receiver = await startReceiver([]);
    const answer = await receiver.post(GONE, '');
    expect(answer.status).toBe(401);
    expect(receiver.listOfUser).not.toHaveBeenCalled();
    receiver.close();
  });
});

describe('with the tokens of two Zoom apps, or of one before and after it was replaced', () => {
  it.each(['new-token', 'old-token'])('an event that is signed with %s is taken', async (token) => {
    const receiver = await startReceiver(['new-token', 'old-token']);
    expect((await receiver.post(GONE, token)).status).toBe(200);
    expect(receiver.listOfUser).toHaveBeenCalledOnce();
    receiver.close();
  });

  it.each(['new-token', 'old-token'])(
    'the validation is answered with %s when it was asked with that',
    async (token) => {
      const receiver = await startReceiver(['new-token', 'old-token']);
      const answer = await receiver.post(validation('plain'), token);
      const encryptedToken = createHmac('sha256', token).update('plain').digest('hex');
      expect(await answer.json()).toEqual({ plainToken: 'plain', encryptedToken });
      receiver.close();
    },
  );

  it.each(['another-token', 'new-token,old-token', ''])('%j is none of them', async (token) => {
    const receiver = await startReceiver(['new-token', 'old-token']);
    expect((await receiver.post(GONE, token)).status).toBe(401);
    expect((await receiver.post(validation('plain'), token)).status).toBe(401);
    expect(receiver.listOfUser).not.toHaveBeenCalled();
    receiver.close();
  });
});

describe('with the tokens of several Zoom apps, each under its client id,', () => {
  const tokens = [
    { clientId: 'one', token: 'new-of-one' },
    { clientId: 'one', token: 'old-of-one' },
    { clientId: 'two', token: 'of-two' },
    { clientId: null, token: 'of-the-rest' },
  ];

  it.each([
    ['one', 'new-of-one', 200],
    ['one', 'old-of-one', 200],
    ['two', 'of-two', 200],
    ['three', 'of-the-rest', 200],
    ['one', 'of-two', 401],
    ['two', 'new-of-one', 401],
    ['one', 'of-the-rest', 401],
    ['three', 'of-two', 401],
    ['three', 'of-nobody', 401],
  ])('an event of app %s that is signed with %s gets %i', async (name, token, status) => {
    const receiver = await startReceiver(tokens);
    expect((await receiver.post(goneOf(name), token)).status).toBe(status);
    expect(receiver.listOfUser).toHaveBeenCalledTimes(status === 200 ? 1 : 0);
    receiver.close();
  });

  it.each(['new-of-one', 'of-two', 'of-the-rest'])(
    'an address is validated with the token that signed, %s',
    async (token) => {
      const receiver = await startReceiver(tokens);
      const answer = await receiver.post(validation('plain'), token);
      const encryptedToken = createHmac('sha256', token).update('plain').digest('hex');
      expect(await answer.json()).toEqual({ plainToken: 'plain', encryptedToken });
      receiver.close();
    },
  );
});
