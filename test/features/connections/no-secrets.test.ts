import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { waitUntil } from '../../support/wait-until.ts';
import { openAccount, SERVER_APP, ZOOM_APP, ZOOM_SECRET_TOKEN } from './support/open-account.ts';

it('no secret of a connection is in a log line, on a page, or in clear in the database', async () => {
  const account = await openAccount();
  try {
    const pages: string[] = [];
    const keep = ({ text }: { text: string }) => void pages.push(text);
    keep(await account.connect());
    keep(await account.connectServer());
    keep(await account.connectServer({ name: 'Broken', clientSecret: 'typed-but-wrong-secret' }));
    account.shop.zendesk.armFault({ kind: 'dropAnswer', operation: 'ZoomToken' });
    account.zoom.expireAccessTokens();
    for (const name of ['Sales', 'Server', 'Sales']) await account.press(name, '/test');
    const { conversationId } = account.shop.zendesk.createConversation({ account: 'acme' });
    account.shop.zendesk.sendCustomerMessage({ conversationId, text: 'meet' });
    const status = await waitUntil('the meeting is on the timeline', async () => {
      const page = await account.browser.open(account.statusUrl);
      return page.text.includes('“meet”') ? page : undefined;
    });
    keep(status);
    keep(await account.browser.open(account.listUrl));
    for (const name of ['Sales', 'Server'])
      keep(await account.browser.open(await account.connectionUrl(name)));
    const [client] = await account.shop.stores.oauthClients.list(account.id);
    keep(await account.browser.open(`${account.statusUrl}/oauth-clients/${client?.id}`));

    const issued = account.zoom.calls.flatMap(({ answer, body }) =>
      [
        ...JSON.stringify([answer, body]).matchAll(
          /"(?:access_token|refresh_token|code|code_verifier)":"([^"]+)"/g,
        ),
      ].map(([, token = '']) => token),
    );
    const secrets = new Set([
      ...issued,
      ZOOM_APP.clientSecret,
      SERVER_APP.clientSecret,
      ZOOM_SECRET_TOKEN,
      'typed-but-wrong-secret',
    ]);
    expect(secrets.size).toBeGreaterThan(8);
    const { dataDir } = account.shop;
    const files = await readdir(dataDir);
    const stored = await Promise.all(files.map((file) => readFile(join(dataDir, file), 'latin1')));
    const places = {
      log: account.shop.printed.join(''),
      pages: pages.join(''),
      database: stored.join(''),
    };
    expect(places.database).toContain(ZOOM_APP.clientId);
    for (const secret of secrets) {
      for (const [place, text] of Object.entries(places))
        expect(text.includes(secret), `${place} holds ${secret}`).toBe(false);
    }
  } finally {
    await account.close();
  }
});
