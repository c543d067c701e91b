import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  describeMissingScopes,
  readScopes,
} from '../../../../server/features/connections/tokens/scopes.ts';
import { waitUntil } from '../../../support/wait-until.ts';
import { createMadeUpProvider } from '../support/made-up-provider.ts';
import { openAccount, SERVER_APP, ZOOM_APP, type Account } from '../support/open-account.ts';

const LIST_USERS = 'user:read:list_users:admin';
const WRITE_MEETING = 'meeting:write:meeting:admin';

describe('the scopes of a connection', () => {
  let account: Account;
  let late = 0;
  beforeEach(async () => {
    late = 0;
    account = await openAccount({ now: () => Date.now() + late });
  });
  afterEach(() => account.close());

  it('are kept as the token was granted them, and are on its page', async () => {
    await account.connect();
    expect(await account.findConnection('Sales')).toMatchObject({
      scopes: 'user:read:user meeting:write:meeting',
      reason: null,
    });
    const page = await account.browser.open(await account.connectionUrl('Sales'));
    expect(page.text).toContain('Granted scopes (2)');
    expect(page.text).toContain('<code>meeting:write:meeting</code>');
    expect(page.text).not.toContain('Missing scopes');
  });

  it('that the bot needs and that were not granted are named when it is saved, before any call fails', async () => {
    account.zoom.setScopes(ZOOM_APP.clientId, ['user:read:user']);
    const page = await account.connect();
    expect(page.text).toContain(
      'Connected, but the scope meeting:write:meeting is missing, needed to schedule meetings: add what is missing to the Zoom app, then reconnect.',
    );
    expect(page.text).toMatch(
      /Missing scopes[\s\S]*meeting:write:meeting<\/code>, to schedule meetings/,
    );
    expect(account.zoom.calls.every(({ status }) => status === 200)).toBe(true);
  });

  it('are those of the new authorization when its user had another connection already', async () => {
    account.zoom.setScopes(ZOOM_APP.clientId, ['user:read:user']);
    await account.connect({ name: 'First' });
    account.zoom.setScopes(ZOOM_APP.clientId, ['user:read:user', 'meeting:write:meeting']);
    await account.connect({ name: 'Second' });
    expect(await account.findConnection('First')).toMatchObject({
      scopes: 'user:read:user meeting:write:meeting',
      reason: null,
    });
  });

  it('that came late to server-to-server credentials are asked for again before they are called missing', async () => {
    account.zoom.setScopes(SERVER_APP.clientId, [LIST_USERS]);
    const page = await account.connectServer();
    expect(page.text).toContain(`the scope ${WRITE_MEETING} is missing`);
    expect(page.text).toContain('it is asked again by itself');

    account.zoom.setScopes(SERVER_APP.clientId, [LIST_USERS, WRITE_MEETING]);
    late = 6_000;
    await waitUntil('the new scope is there', async () => {
      const { scopes, reason } = await account.findConnection('Server');
      return scopes === `${LIST_USERS} ${WRITE_MEETING}` && reason === null;
    });
  });

  it('that never come are called missing after a minute, and then looked for once an hour', async () => {
    account.zoom.setScopes(SERVER_APP.clientId, [LIST_USERS]);
    await account.connectServer();
    late = 61_000;
    const { check_at: checkAt } = await waitUntil('they are called missing', async () => {
      const connection = await account.findConnection('Server');
      return connection.reason?.endsWith('then test again.') ? connection : undefined;
    });
    expect(checkAt).toBeGreaterThan(Date.now() + late + 30 * 60_000);
  });
});

describe('the scopes in an answer', () => {
  it.each([
    ['a b', ['a', 'b']],
    ['a,b, c', ['a', 'b', 'c']],
    ['a a', ['a']],
    ['  ', []],
    ['a "b" c\\d é', ['a']],
    [undefined, []],
    [null, []],
  ])('%j are %j', (text, scopes) => {
    expect(readScopes(text)).toEqual(scopes);
  });

  const needed = {
    ...createMadeUpProvider(),
    neededScopes: {
      oauth2: [
        { anyOf: ['orders:read', 'orders'], to: 'read orders' },
        { anyOf: ['profile'], to: 'say who it is' },
      ],
    },
  } as const;
  const stored = { auth_type: 'oauth2', connected_at: 0 } as const;
  const describeThem = (scopes: string | null, authType: 'oauth2' | 'custom' = 'oauth2') =>
    describeMissingScopes(needed, { ...stored, auth_type: authType, scopes }, 0);

  it('are complete with any one of those that do', () => {
    expect(describeThem('orders profile')).toBeNull();
    expect(describeThem('profile orders:read more')).toBeNull();
  });

  it('are all named that are missing, each with what it is for', () => {
    expect(describeThem('more')).toBe(
      'Connected, but the scopes orders:read and profile are missing, needed to read orders and say who it is: add what is missing to the Made Up app, then reconnect.',
    );
  });

  it('are not missing where the provider does not say what it granted, or nothing is needed', () => {
    expect(describeThem(null)).toBeNull();
    expect(describeThem('more', 'custom')).toBeNull();
  });
});
