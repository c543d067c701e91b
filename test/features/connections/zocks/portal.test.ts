import { expect, it } from 'vitest';
import { createBrowser } from '../../../support/browser/browser.ts';
import {
  DETAILS,
  readCredentials,
} from '../../../../sandbox/test/services/portal/support/start-portal.ts';
import { repliesIn } from '../../../support/start-shop.ts';
import { waitUntil } from '../../../support/wait-until.ts';
import { openAccount } from '../support/open-account.ts';

it('an app made in the portal connects as Zocks, and ends in an answer of the bot', async () => {
  const account = await openAccount({ bot: { onStart: async () => {} } });
  const { sandbox } = account.shop;
  const owner = createBrowser(sandbox.url);
  const person = sandbox.control.zocks.users.find(({ role }) => role === 'owner')?.id ?? '';
  await owner.send('/portal/sign-in', { person });
  await owner.send('/portal/apps/new/details', { ...DETAILS, go: 'next' });
  const redirectUri = `${account.shop.url}/connections/callback/zocks`;
  await owner.send('/portal/apps/new/redirect-uris', { redirectUri, go: 'next' });
  const created = await fetch(`${sandbox.url}/portal/apps/new/scopes`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: owner.cookieHeader() },
    body: new URLSearchParams('scope=profile&scope=notes.read&go=next'),
  });
  const end = await owner.open(created.headers.get('location') ?? '');
  const app = readCredentials(end.text);
  await owner.send(`/portal/apps/${app.clientId}/enabled`, { enabled: 'on' });
  const [adviser] = account.shop.zendesk.zocks.users;
  const fields = { provider: 'zocks', name: 'Advice', ...app };
  const page = await account.connect(fields, adviser?.id);
  expect(page.text).toContain(adviser?.email ?? 'an adviser');
  expect(await account.findConnection('Advice')).toMatchObject({ status: 'connected' });
  expect((await owner.get(`/portal/apps/${app.clientId}`)).text).toContain('Zocks Adviser');

  const { shop } = account;
  const { conversationId, userId } = shop.zendesk.createConversation({ account: 'acme' });
  const email = 'jane@example.com';
  shop.zendesk.signIn({ userId, externalId: 'jane', name: 'Jane', email });
  shop.zendesk.sendCustomerMessage({ conversationId, text: 'notes' });
  const answer = await waitUntil('the bot answered', () => repliesIn(shop, conversationId)[0]);
  expect(answer).toContain('Jane wants to retire at 60.');
  await account.close();
});
