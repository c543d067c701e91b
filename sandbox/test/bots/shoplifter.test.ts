import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createBrowser } from '../../../test/support/browser/browser.ts';
import { CLIENT_ID, CLIENT_SECRET, startWorld } from '../support/start-world.ts';
import type { World } from '../support/start-world.ts';

/** As much as the sample reads of an answer. */
const Answer = z.looseObject({
  access_token: z.string().optional(),
  app: z.looseObject({ id: z.string(), subdomain: z.string() }).optional(),
  user: z.looseObject({ id: z.string() }).optional(),
  conversations: z.array(z.looseObject({ id: z.string() })).optional(),
  conversation: z.looseObject({ id: z.string() }).optional(),
  messages: z.array(z.looseObject({ id: z.string() })).optional(),
});

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

async function ask(method: string, path: string, token?: string, body?: unknown) {
  const isForm = body instanceof URLSearchParams;
  const answer = await fetch(world.url + path, {
    method,
    headers: {
      'Content-Type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
  });
  return { status: answer.status, ...Answer.parse(await answer.json()) };
}

/** What Zendesk's sample does with a code: the calls, in its order and with its spelling. */
async function exchange() {
  const browser = createBrowser(world.url);
  const consent = await browser.get(
    `/sc/oauth/authorize?response_type=code&client_id=${CLIENT_ID}`,
  );
  const decision = { account: 'acme', decision: 'allow' };
  const back = await browser.fillIn(consent, '/sc/oauth/authorize', decision);
  const code = new URL(browser.location(back)).searchParams.get('code') ?? '';
  const grant = new URLSearchParams({
    code,
    grant_type: 'authorization_code',
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
  });
  const { access_token: token = '' } = await ask('POST', '/sc/oauth/token', undefined, grant);
  const { app } = await ask('GET', '/sc/v2/tokeninfo', token);
  const api = `/accounts/${app?.subdomain}/sc/v2/apps/${app?.id}`;
  const externalId = 'shoplifter_sample_user';
  const known = await ask('GET', `${api}/users/${externalId}`, token);
  const made = { externalId, profile: { givenName: 'Shoplifter' } };
  const { user } = known.status === 404 ? await ask('POST', `${api}/users`, token, made) : known;
  const list = await ask('GET', `${api}/conversations?filter[userId]=${user?.id}`, token);
  const opened = { type: 'personal', participants: [{ userId: user?.id }] };
  const conversation =
    list.conversations?.[0] ??
    (await ask('POST', `${api}/conversations`, token, opened)).conversation;
  const message = {
    author: { type: 'user', userId: user?.id },
    content: { type: 'text', text: 'You have successfully integrated Shoplifter!' },
  };
  return ask('POST', `${api}/conversations/${conversation?.id}/messages`, token, message);
}

describe("Zendesk's own sample", () => {
  it('finds what it needs the first time, and finds it again the second', async () => {
    const first = await exchange();
    expect([first.status, first.messages?.length]).toEqual([201, 1]);
    const names = () => world.control.calls.splice(0).map(({ operation }) => operation);
    const common = ['GetToken', 'GetTokenInfo', 'GetUser'];
    expect(names()).toEqual([
      ...common,
      'CreateUser',
      'ListConversations',
      'CreateConversation',
      'PostMessage',
    ]);
    expect((await exchange()).status).toBe(201);
    expect(names()).toEqual([...common, 'ListConversations', 'PostMessage']);
  });
});
