import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, openChromium, signIn } from '../../../support/browser/open-chromium.ts';
import { serve } from '../../../support/network/serve.ts';
import { createMadeUpProvider } from '../support/made-up-provider.ts';
import { openAccount, type Account } from '../support/open-account.ts';

/** Browsers hold `form-action` against every redirect that follows a form, and say nothing when they stop. */
describe.runIf(hasChromium())(
  'a provider that signs in on another host',
  { timeout: 60_000 },
  () => {
    let account: Account;
    let chromium: Awaited<ReturnType<typeof openChromium>>;
    const closings: (() => void)[] = [];

    beforeAll(async () => {
      const login = await serve((_request, response) => {
        response.setHeader('Content-Type', 'text/html').end('<h1>Sign in to Made Up</h1>');
      });
      const authorize = await serve((_request, response) => {
        const location = login.url.replace('localhost', '127.0.0.1');
        response.writeHead(302, { Location: `${location}/login` }).end();
      });
      closings.push(
        () => login.close(),
        () => authorize.close(),
      );
      const provider = {
        ...createMadeUpProvider(),
        authorize: async ({ state }: { state: string }) =>
          new URL(`${authorize.url}/authorize?state=${state}`),
      };
      account = await openAccount({ providers: [provider] });
      chromium = await openChromium();
    });
    afterAll(async () => {
      await chromium.close();
      await account.close();
      for (const close of closings) close();
    });

    it.each([true, false])(
      'is reached from the form, with JavaScript: %s',
      async (javaScriptEnabled) => {
        const name = `Orders ${javaScriptEnabled}`;
        const client = { clientId: 'id', clientSecret: 'secret' };
        await account.send({ provider: 'made-up', name, oauthClientId: '', ...client });
        const visitor = await chromium.newVisitor({ javaScriptEnabled });
        await signIn(visitor, account.browser);
        const page = await visitor.newPage();
        const address = await account.connectionUrl(name);
        await page.goto(address);
        await page.getByRole('button', { name: /authorize|reconnect/i }).click();
        await page.getByRole('heading', { name: 'Sign in to Made Up' }).waitFor();

        await page.goBack();
        expect(page.url()).toBe(address);
        expect(chromium.complaints.filter((text) => text.includes('form-action'))).toEqual([]);
      },
    );
  },
);
