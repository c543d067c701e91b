import { afterEach, describe, expect, it } from 'vitest';
import { createConnectionsFeature } from '../../../server/features/connections/index.ts';
import type { Feature } from '../../../server/features/feature.ts';
import { createProviders } from '../../../server/features/connections/load-providers.ts';
import { createObserve } from '../../../server/observe.ts';
import { RemoteError } from '../../../server/remote-error.ts';
import type { Bot } from '../../../server/runtime/types.ts';
import { repliesIn } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { createMadeUpProvider } from './support/made-up-provider.ts';
import { openAccount, readAuthorizeUrl, type Account } from './support/open-account.ts';

let account: Account | undefined;
afterEach(async () => {
  await account?.close();
  account = undefined;
});

describe('the providers', () => {
  it('are named to whoever counts, before any of their tokens is renewed', async () => {
    const known: string[] = [];
    const counting: Feature = {
      name: 'counting',
      open: () => ({
        observer: { occur: { 'service-known': ({ service }) => void known.push(service) } },
      }),
    };
    account = await openAccount({ features: [counting, createConnectionsFeature()] });
    const config = { variables: account.variables, sandbox: null };
    const all = createProviders({ config, observe: createObserve() }).map(({ id }) => id);
    expect(all).toContain('zoom');
    expect(known).toEqual(all);
  });

  const core = { config: { variables: {}, sandbox: null }, observe: createObserve() };

  it('are those of a test where it brings one that is in the folder, too', () => {
    const zoom = { ...createMadeUpProvider(), id: 'zoom' };
    expect(createProviders(core, [zoom]).filter(({ id }) => id === 'zoom')).toEqual([zoom]);
  });

  it.each([
    ['is none', { readHours: () => {} }, 'providers/calendar exports no createProvider'],
    [
      'goes by another name than its file',
      { createProvider: createMadeUpProvider },
      'has the id “made-up”. It has to be “calendar”',
    ],
  ])('keep the app from starting, and say where, when one %s', (_what, module, said) => {
    expect(() => createProviders(core, [], [['calendar', module]])).toThrow(said);
  });

  it.each([
    ['in the sandbox, whose demo answers with it', true],
    ['but not elsewhere, where no answer of the bot as it comes needs it', false],
  ])('ask an owner to connect Zoom %s', async (_where, sandboxMode) => {
    account = await openAccount({ sandboxMode });
    const { browser, statusUrl } = account;
    const page = await browser.open(statusUrl);
    expect(page.text.includes('Zoom is not connected.')).toBe(sandboxMode);
    expect((await browser.open(`${statusUrl}/connections/new`)).text).toMatch(
      sandboxMode ? 'The bot answers “meet”' : 'No answer of the bot needs it yet.',
    );
  });
});

describe('a provider nobody has heard of', () => {
  const allow = (callback: URL) => new URLSearchParams({ code: 'c', state: stateOf(callback) });
  const stateOf = (url: URL) => url.searchParams.get('state') ?? '';

  it('gets its forms, its callback, its tests and its place in the handlers from one object', async () => {
    const provider = createMadeUpProvider();
    const onMessage: Bot['onMessage'] = async ({ connections, reply }) =>
      reply(JSON.stringify(await connections['made-up']?.readOrder()));
    account = await openAccount({
      providers: [provider],
      bot: { onMessage, onStart: async () => {} },
    });
    const { browser, shop } = account;
    const client = { clientId: 'id', clientSecret: 'secret' };
    const fields = { provider: 'made-up', name: 'Orders', oauthClientId: '', ...client };
    const sent = await account.send(fields);
    const asked = await readAuthorizeUrl(browser, sent);
    expect(asked.origin).toBe('https://made-up.example');

    const callback = `${shop.url}/connections/callback/made-up?${allow(asked).toString()}`;
    const page = await browser.open(callback);
    expect(page.text).toContain('somebody@made-up.example');
    expect(page.text).toContain('The bot answers “order” with the state of an order.');
    expect(provider.exchange).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ client, codeVerifier: expect.stringMatching(/^[\w-]{43}$/) }),
    );

    await account.press('Orders', '/test');
    expect(provider.test).toHaveBeenCalledTimes(2);
    const { conversationId } = shop.zendesk.createConversation({ account: 'acme' });
    shop.zendesk.sendCustomerMessage({ conversationId, text: 'order' });
    const answer = await waitUntil('the bot answered', () => repliesIn(shop, conversationId)[0]);
    expect(answer).toContain('order read with made-up-access');

    const status = await browser.open(account.statusUrl);
    expect(status.text).toContain('Made Up');
    await account.press('Orders', '/delete');
    expect(provider.revoke).toHaveBeenCalledExactlyOnceWith(client, 'made-up-access');
  });

  it('is tested before its custom credentials are saved', async () => {
    const provider = createMadeUpProvider();
    account = await openAccount({ providers: [provider] });
    provider.test.mockRejectedValueOnce(new RemoteError('Test', { status: 503 }));
    const fields = { provider: 'made-up', authType: 'custom', name: 'Orders' };
    const credentials = { accountId: 'a', clientId: 'id', clientSecret: 'secret' };
    const refused = await account.send({ ...fields, ...credentials });
    expect(refused.text).toContain('Made Up did not answer properly.');
    const saved = await account.send({ ...fields, ...credentials });
    expect((await account.browser.follow(saved)).text).toContain('“Orders” is working.');
  });
});
