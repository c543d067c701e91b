import { expect, it } from 'vitest';
import { createBrowser } from '../../../support/browser.ts';
import {
  DETAILS,
  readCredentials,
} from '../../../../sandbox/test/services/portal/support/start-portal.ts';
import { openAccount } from '../support/open-account.ts';

it('an app made in the portal connects as Zocks, and its data call works', async () => {
  const account = await openAccount();
  const { sandbox } = account.shop;
  const owner = createBrowser(sandbox.url);
  const person = sandbox.control.zocks.users.find(({ role }) => role === 'owner')?.id ?? '';
  await owner.send('/portal/sign-in', { person });
  await owner.send('/portal/apps/new/details', { ...DETAILS, go: 'next' });
  const redirectUri = `${account.shop.url}/connections/callback/zocks`;
  await owner.send('/portal/apps/new/redirect-uris', { redirectUri, go: 'next' });
  const end = await owner.send('/portal/apps/new/scopes', { scope: 'profile', go: 'next' });
  const app = readCredentials(end.text);
  await owner.send(`/portal/apps/${app.clientId}/enabled`, { enabled: 'on' });
  const [adviser] = account.shop.zendesk.zocks.users;
  const fields = { provider: 'zocks', name: 'Advice', ...app };
  const page = await account.connect(fields, adviser?.id);
  expect(page.text).toContain(adviser?.email ?? 'an adviser');
  expect(await account.findConnection('Advice')).toMatchObject({ status: 'connected' });
  expect((await owner.get(`/portal/apps/${app.clientId}`)).text).toContain('Zocks Adviser');
  await account.close();
});
