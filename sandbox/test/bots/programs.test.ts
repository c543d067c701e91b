import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CLIENT_ID, startWorld } from '../support/start-world.ts';
import type { World } from '../support/start-world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const texts = z.record(z.string(), z.string());
const Answer = z.looseObject({
  bots: z.array(z.looseObject({})).optional(),
  bot: texts.default({}),
  addresses: texts.default({}),
  environment: texts.default({}),
  problems: z.array(z.object({ field: z.string(), problem: z.string() })).default([]),
});

async function json(method: string, path: string, body?: unknown) {
  const answer = await fetch(`${world.url}${path}`, {
    method,
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, ...Answer.parse(text === '' ? {} : JSON.parse(text)) };
}

const ROBOT = { name: 'Robot', redirectUris: ['https://a.example/x'] };

describe('programs that register bots', () => {
  it('get its credentials, the addresses and the variables', async () => {
    const { status, bot, addresses, environment } = await json('POST', '/bots', ROBOT);
    expect(status).toBe(201);
    expect(environment).toMatchObject({
      OAUTH_CLIENT_ID: bot['clientId'],
      OAUTH_CLIENT_SECRET: bot['clientSecret'],
    });
    expect(addresses['authorize']).toBe(`${world.url}/sc/oauth/authorize`);
    const { bots } = await json('GET', '/bots');
    expect(bots).toContainEqual({ ...ROBOT, clientId: bot['clientId'], installations: 0 });
  });

  it('hear every problem at once, with its field', async () => {
    const body = { redirectUris: 'x', clientId: 'a b', colour: 'red' };
    const { status, problems } = await json('POST', '/bots', body);
    expect(status).toBe(400);
    const fields = problems.map(({ field }) => field);
    expect(fields).toEqual(['name', 'redirectUris', 'clientId', 'colour']);
  });

  it('may say that a bot replaces the one of the same id', async () => {
    const bot = { ...ROBOT, clientId: CLIENT_ID };
    expect((await json('POST', '/bots', bot)).status).toBe(409);
    expect((await json('POST', '/bots?replace', bot)).status).toBe(201);
    expect((await json('GET', '/bots')).bots).toMatchObject([{ name: 'Robot' }]);
  });

  it('hear what is no JSON, and what is no bot', async () => {
    expect(await json('POST', '/bots', '{')).toMatchObject({
      status: 400,
      problems: [{ field: 'body', problem: 'has to be JSON' }],
    });
    expect(await json('DELETE', '/bots/nobody')).toMatchObject({
      status: 404,
      problems: [{ field: 'clientId', problem: 'belongs to no bot: nobody' }],
    });
    expect((await json('DELETE', `/bots/${CLIENT_ID}`)).status).toBe(204);
  });
});
