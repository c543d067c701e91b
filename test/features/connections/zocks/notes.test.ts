import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readNotes } from '../../../../server/features/demo/notes.ts';
import type { Profile } from '../../../../server/runtime/types.ts';
import { fakeMessage } from '../../../bot/fake-message.ts';
import { fakeCustomer } from '../../customers/fake-customer.ts';
import { fakeTools } from '../../../bot/fake-tools.ts';
import { repliesIn } from '../../../support/start-shop.ts';
import { waitUntil } from '../../../support/wait-until.ts';
import { fakeConnections } from '../support/fake-connections.ts';
import { openAccount, ZOCKS_APP, type Account } from '../support/open-account.ts';

describe('“notes”', () => {
  let account: Account;
  let conversationId: string;
  let userId: string;
  beforeEach(async () => {
    account = await openAccount({ bot: { onStart: async () => {} } });
    ({ conversationId, userId } = account.shop.zendesk.createConversation({ account: 'acme' }));
  });
  afterEach(() => account.close());

  const zocks = () => account.shop.sandbox.control.zocks;
  const connect = () =>
    account.connect({ provider: 'zocks', name: 'Notes', ...ZOCKS_APP }, zocks().users[0]?.id);
  const signIn = (email: string) =>
    account.shop.zendesk.signIn({ userId, externalId: email, name: 'Jane', email });

  /** The customer asks; returns what the bot says to it. */
  async function ask(): Promise<string> {
    const before = repliesIn(account.shop, conversationId).length;
    account.shop.zendesk.sendCustomerMessage({ conversationId, text: 'notes' });
    return waitUntil('the bot answered', () => repliesIn(account.shop, conversationId)[before]);
  }

  it('is answered with the note of the last meeting with the customer', async () => {
    await connect();
    signIn('jane@example.com');
    expect(await ask()).toBe(
      'On 12 March 2026, “Retirement review”: Jane wants to retire at 60. We raise the monthly savings to 500 from April.',
    );
    const call = zocks().calls.find(({ operation }) => operation === 'ZocksListNotes');
    expect(call?.path).toContain('/notes?contact_email=jane%40example.com&limit=1');
  });

  it('is answered with nothing to somebody of whom there are none', async () => {
    await connect();
    signIn('somebody@example.com');
    expect(await ask()).toBe('There are no notes about you yet.');
  });

  it('is answered to nobody who has not signed in, and Zocks is not asked', async () => {
    await connect();
    expect(await ask()).toContain('Please sign in first');
    expect(zocks().calls.map(({ operation }) => operation)).not.toContain('ZocksListNotes');
  });

  it('tells what to do when there is no connection', async () => {
    signIn('jane@example.com');
    expect(await ask()).toContain('Zocks is not connected yet.');
  });

  it('tells which page names the missing scope, and keeps the connection', async () => {
    account.shop.sandbox.registerZocksApp({
      ...ZOCKS_APP,
      name: 'Test bot',
      redirectUris: [`${account.shop.url}/connections/callback/zocks`],
      scopes: ['profile'],
    });
    await connect();
    signIn('jane@example.com');
    expect(await ask()).toContain('which scope is missing');
    expect(await account.findConnection('Notes')).toMatchObject({
      status: 'connected',
      reason: expect.stringContaining('notes.read'),
    });
  });
});

describe('the demo bot, asked for notes', () => {
  const jane = { type: 'email', value: 'jane@example.com', verification: 'verified' };

  async function ask(identities: Profile['identities'], isAuthenticated: boolean) {
    const latestNotes = async () => ({ ok: true as const, value: [] });
    const connections = fakeConnections({ zocks: { latestNotes } });
    const tools = fakeTools({ ...fakeCustomer(), connections });
    tools.customer.profile.mockResolvedValue({ ...(await tools.customer.profile()), identities });
    const customer = { ...tools.customer, isAuthenticated };
    await readNotes({ ...tools, customer, message: fakeMessage('notes') });
    return tools.reply.mock.calls[0]?.[0];
  }

  it.each([
    ['has not proven the address', [{ ...jane, verification: 'unverified' }], true],
    ['is known by a telephone number', [{ ...jane, type: 'phoneNumber' }], true],
    ['is not signed in', [jane], false],
  ])('asks a customer who %s to sign in', async (_case, identities, isAuthenticated) => {
    expect(await ask(identities, isAuthenticated)).toContain('Please sign in first');
  });

  it('reads them to a customer whose address is proven', async () => {
    expect(await ask([jane], true)).toBe('There are no notes about you yet.');
  });
});
