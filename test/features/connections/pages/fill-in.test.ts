import { afterEach, describe, expect, it } from 'vitest';
import { openAccount, SERVER_APP, variablesOfSandbox, ZOOM_APP } from '../support/open-account.ts';
import type { Account } from '../support/open-account.ts';

const BUTTON = 'Fill in the sandbox’s credentials';
let account: Account;
afterEach(() => account.close());

const openWith = (credentials?: object) =>
  openAccount({
    variables: (url) => ({
      ...variablesOfSandbox(url),
      ...(credentials && { ZOOM_SANDBOX_CREDENTIALS: JSON.stringify(credentials) }),
    }),
  });

describe('the form of a new connection', () => {
  it('shows each provider as a card with what the bot gains by it', async () => {
    account = await openWith();
    const page = await account.browser.open(`${account.listUrl}/new?provider=zoom`);
    expect(page.text).toMatch(/provider-card chosen[\s\S]*The bot answers “meet” with the link/);
    expect(page.text).toContain('aria-hidden="true">Z</span> <strong><bdi>Zocks</bdi></strong>');
    expect(page.text).not.toContain(BUTTON);
  });

  it('fills in the sandbox’s credentials, keeps what was typed, and is saved with them', async () => {
    const server = { ...SERVER_APP, accountId: 'to be replaced' };
    account = await openWith({ oauth2: ZOOM_APP, custom: server });
    const form = await account.browser.open(`${account.listUrl}/new?provider=zoom&authType=oauth2`);
    // Enter presses the first button of a form.
    expect(form.text.indexOf('Save &amp; authorize')).toBeLessThan(form.text.indexOf(BUTTON));
    const kind = { provider: 'zoom', authType: 'oauth2' };
    const filled = await account.browser.fillIn(form, '/connections', {
      ...kind,
      name: 'Typed before',
      fill: 'sandbox',
    });
    expect(filled.status).toBe(200);
    expect(filled.text).toContain('value="Typed before"');
    expect(filled.text).toContain(`value="${ZOOM_APP.clientSecret}"`);
    expect(filled.text).not.toContain('role="alert"');
    expect(await account.shop.stores.connections.list(account.id)).toEqual([]);

    const custom = await account.browser.open(
      `${account.listUrl}/new?provider=zoom&authType=custom`,
    );
    const more = await account.browser.fillIn(custom, '/connections', {
      provider: 'zoom',
      authType: 'custom',
      fill: 'sandbox',
    });
    expect(more.text).toContain('value="Sandbox’s Zoom"');
    expect(more.text).toContain(`value="${server.accountId}"`);
  });

  it('fills in nothing outside sandbox mode, whatever is sent', async () => {
    account = await openWith();
    const page = await account.send({ name: 'Sales', clientId: '', fill: 'sandbox' });
    expect(page.status).toBe(422);
    expect(page.text).not.toContain(ZOOM_APP.clientSecret);
  });
});
