import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repliesIn } from '../../../support/start-shop.ts';
import { waitUntil } from '../../../support/wait-until.ts';
import { openAccount, SERVER_APP, ZOOM_APP, type Account } from '../support/open-account.ts';

let account: Account;
let conversationId = '';
beforeEach(async () => {
  account = await openAccount({ bot: { onStart: async () => {} } });
  ({ conversationId } = account.shop.zendesk.createConversation({ account: 'acme' }));
});
afterEach(() => account.close());

/** The customer says “meet”; answers what the bot says to it. */
async function meet(): Promise<string> {
  const { shop } = account;
  const before = repliesIn(shop, conversationId).length;
  shop.zendesk.sendCustomerMessage({ conversationId, text: 'meet' });
  return waitUntil('the bot answered', () => repliesIn(shop, conversationId)[before]);
}

const admin = () => `${account.shop.url}/settings`;

describe('“meet”', () => {
  it('is answered with the join link of a scheduled meeting, and never with the start link', async () => {
    await account.connect();
    const answer = await meet();
    const [meeting] = account.zoom.meetings();
    expect(answer).toContain(meeting?.join_url);
    const call = account.zoom.calls.find(({ operation }) => operation === 'ZoomCreateMeeting');
    expect(call).toMatchObject({ path: expect.stringContaining('/users/me/meetings') });
    expect(call?.body).toEqual({
      topic: 'Talking to our shop',
      type: 2,
      start_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      duration: 30,
    });
    const shown = `${account.shop.printed.join('')}${repliesIn(account.shop, conversationId).join('')}`;
    expect(meeting?.start_url).toContain('zak');
    expect(shown).not.toContain('zak=');
    const { last_used_at: lastUsedAt } = await account.findConnection('Sales');
    expect(lastUsedAt).not.toBeNull();
  });

  it('uses the account’s first user as host with server-to-server credentials', async () => {
    await account.connectServer();
    expect(await meet()).toContain('http');
    const call = account.zoom.calls.find(({ operation }) => operation === 'ZoomCreateMeeting');
    expect(call?.path).toContain(`/users/${account.firstUser.id}/meetings`);
  });

  it('uses the chosen host with server-to-server credentials', async () => {
    const host = account.zoom.users[2]?.email ?? '';
    await account.connectServer({ hostUser: host });
    expect(await meet()).toContain('http');
    const call = account.zoom.calls.find(({ operation }) => operation === 'ZoomCreateMeeting');
    expect(call?.path).toContain(`/users/${encodeURIComponent(host)}/meetings`);
  });

  it('tells what to do when there is no connection', async () => {
    expect(await meet()).toBe(
      `Zoom is not connected yet. An administrator can add a Zoom connection at ${admin()}.`,
    );
  });

  it('never tells a customer the installation’s id', async () => {
    expect(await meet()).not.toContain(account.id);
  });

  it('tells what to do when the authorization has ended, and notices it', async () => {
    await account.connect();
    account.zoom.killRefreshToken(account.firstUser.id);
    account.zoom.expireAccessTokens();
    const sentence = `The Zoom connection has to be repaired. An administrator can reconnect it at ${admin()}.`;
    expect(await meet()).toBe(sentence);
    expect(await account.findConnection('Sales')).toMatchObject({ status: 'needs_reconnect' });
    const calls = account.zoom.calls.length;
    expect(await meet()).toBe(sentence);
    expect(account.zoom.calls).toHaveLength(calls);
  });

  it('says that the hundred meetings of the day are used up, and leaves the connection as it is', async () => {
    await account.connect();
    account.zoom.fillMeetingsToday(100);
    expect(await meet()).toContain('100 new meetings a day');
    expect(await account.findConnection('Sales')).toMatchObject({
      status: 'connected',
      reason: null,
    });
  });

  it('does not take the day’s limit of the whole Zoom account for that of one host', async () => {
    await account.connect();
    const fault = { kind: 'answer', status: 429, retryAfter: 3600 } as const;
    account.shop.zendesk.armFault({ ...fault, operation: 'ZoomCreateMeeting' });
    expect(await meet()).toContain('not available right now');
  });

  it('tells which page names the missing scope', async () => {
    account.zoom.setScopes(ZOOM_APP.clientId, ['user:read:user']);
    await account.connect();
    expect(await meet()).toContain(`which scope is missing at ${admin()}`);
    const { status, reason } = await account.findConnection('Sales');
    expect(status).toBe('connected');
    expect(reason).toContain('meeting:write:meeting');
  });

  it.each([
    ['does not answer properly', { kind: 'html' }],
    ['fails', { kind: 'answer', status: 503 }],
    ['loses the answer', { kind: 'dropAnswer' }],
  ] as const)('says so when Zoom %s, and works again afterwards', async (_case, fault) => {
    await account.connect();
    account.shop.zendesk.armFault({ ...fault, operation: 'ZoomCreateMeeting' });
    expect(await meet()).toContain('not available right now');
    expect(await account.findConnection('Sales')).toMatchObject({ status: 'failing' });
    expect(await meet()).toContain('http');
    expect(await account.findConnection('Sales')).toMatchObject({ status: 'connected' });
  });

  it('does not call the connection broken because Zoom refuses one request', async () => {
    await account.connectServer({ hostUser: 'nobody@zoom.example' });
    expect(await meet()).toBe(`Zoom did not accept this. An administrator sees why at ${admin()}.`);
    expect(await account.findConnection('Server')).toMatchObject({
      status: 'connected',
      reason: expect.stringContaining('User does not exist'),
    });
  });

  it('uses another connection while one is disabled', async () => {
    await account.connect();
    await account.connectServer();
    await account.press('Sales', '/disable');
    await meet();
    expect((await account.findConnection('Server')).last_used_at).not.toBeNull();
    expect((await account.findConnection('Sales')).last_used_at).toBeNull();
  });

  it('fails no event, whatever Zoom does', async () => {
    await account.connectServer();
    account.zoom.setActive(SERVER_APP.clientId, false);
    await meet();
    const failed = await account.shop.database.kysely
      .selectFrom('events')
      .selectAll()
      .where('state', 'in', ['failed', 'waiting'])
      .execute();
    expect(failed).toEqual([]);
  });
});
