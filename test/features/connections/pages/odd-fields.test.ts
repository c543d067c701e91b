import { afterEach, describe, expect, it } from 'vitest';
import { engines } from '../../../support/store/engines.ts';
import { openAccount, type Account } from '../support/open-account.ts';

let account: Account;
afterEach(() => account.close());

describe.each(engines)('a field with U+0000, on %s', (engine) => {
  it.each([
    ['oauthClientId', { name: 'Sales', oauthClientId: 'a\u0000b' }],
    ['name', { name: 'a\u0000b', oauthClientId: '', clientId: 'a', clientSecret: 'b' }],
  ])('counts as one that was left out: %s', async (_name, fields) => {
    account = await openAccount({ engine });
    const answer = await account.send(fields);
    expect(answer.status).toBe(422);
    expect(await account.shop.stores.connections.list(account.id)).toEqual([]);
  });
});

describe('a host of meetings that is none', () => {
  it.each([
    ['Ada Lovelace', 'This has a space or a look-alike character in it'],
    ['x'.repeat(255), 'This is longer than any such value'],
  ])('is refused in words that say why: %s', async (hostUser, why) => {
    account = await openAccount();
    const { status, text } = await account.connectServer({ hostUser });
    expect(status).toBe(422);
    expect(text).toContain(why);
    expect(text).toMatch(/<input id="field-hostUser"[^>]* aria-invalid="true"/);
  });
});
