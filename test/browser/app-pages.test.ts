import type { Router } from 'express';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectSoundPage } from '../support/browser/expect-sound-page.ts';
import { hasChromium, openChromium } from '../support/browser/open-chromium.ts';
import { startShop } from '../support/start-shop.ts';
import { furnishAccount, type FurnishedAccount } from './support/furnish-account.ts';

/** GET routes that lead to a file, to data or elsewhere, and never to a page of their own. */
const NO_PAGES = [
  '/healthz',
  '/readyz',
  '/metrics',
  '/diagnosis',
  '/assets/:file',
  '/favicon.svg',
  '/install',
  '/connections/link/:token',
  '/installations/:id/activity',
  '/installations/:id/connections/:connectionId/authorize',
  '/installations/:id/export',
  '/installations/:id/oauth-clients/manifest/:provider',
];

/** Route, address and the status expected if it is not 200. */
const PAGES: [route: string, address: string, status?: number][] = [
  ['/', '/'],
  ['/settings', '/settings'],
  ['/privacy', '/privacy'],
  ['/source/*path', '/source/server/bot/on-message.ts?function=onMessage'],
  ['/oauth', '/oauth?error=access_denied', 400],
  ['/oauth', '/oauth?code=a&code=b&state=c', 400],
  ['/installations/:id', '{acme}'],
  ['/installations/:id', '{bloom}'],
  ['/installations/:id', '{oldMill}'],
  ['/installations/:id', '/installations/nobodys', 404],
  ['/installations/:id/manage', '{acme}/manage'],
  ['/installations/:id/manage', '{bloom}/manage'],
  ['/installations/:id/manage', '{oldMill}/manage'],
  ['/installations/:id/timeline', '{bloom}/timeline'],
  ['/installations/:id/events', '{acme}/events'],
  ['/installations/:id/events', '{acme}/events?state=failed&type=&text=nowhere'],
  ['/installations/:id/events', '{oldMill}/events'],
  ['/installations/:id/events/:eventId', '{acme}/events/failed'],
  ['/installations/:id/events/:eventId', '{acme}/events/ignored'],
  ['/installations/:id/events/:eventId', '{acme}/events/dropped'],
  ['/installations/:id/settings', '{acme}/settings'],
  ['/installations/:id/delete', '{acme}/delete'],
  ['/installations/:id/delete', '{oldMill}/delete'],
  ['/installations/:id/connections', '{acme}/connections'],
  ['/installations/:id/connections', '{acme}/connections?q=nothing'],
  ['/installations/:id/connections', '{bloom}/connections'],
  ['/installations/:id/connections/new', '{acme}/connections/new'],
  ['/installations/:id/connections/new', '{bloom}/connections/new?provider=zocks'],
  ['/installations/:id/connections/new', '{acme}/connections/new?provider=zoom&authType=custom'],
  ['/installations/:id/connections/:connectionId', '{sales}'],
  ['/installations/:id/connections/:connectionId', '{server}'],
  ['/installations/:id/connections/:connectionId', '{notes}'],
  ['/connections/reconnect/:linkId', '{reconnectLink}'],
  ['/connections/callback/:provider', '/connections/callback/zoom?error=access_denied', 400],
  ['/installations/:id/oauth-clients', '{acme}/oauth-clients'],
  ['/installations/:id/oauth-clients', '{bloom}/oauth-clients'],
  ['/installations/:id/oauth-clients/new', '{acme}/oauth-clients/new'],
  ['/installations/:id/oauth-clients/:clientId', '{usedClient}'],
  ['/installations/:id/oauth-clients/:clientId', '{spareClient}'],
];

describe.runIf(hasChromium())('every page of the app', { timeout: 120_000 }, () => {
  let account: FurnishedAccount;
  let chromium: Awaited<ReturnType<typeof openChromium>>;
  let visitor: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    account = await furnishAccount();
    chromium = await openChromium();
    visitor = await chromium.newVisitor();
    await account.signIn(visitor);
    page = await visitor.newPage();
  });
  afterAll(async () => {
    await chromium.close();
    await account.close();
  });

  it.each(PAGES)('%s is sound at %s', async (_route, address, status = 200) => {
    const known = new Map(Object.entries(account.places));
    const url = address.replace(/^\{(\w+)\}/, (_all, name) => known.get(name) ?? '');
    const response = await page.goto(new URL(url, account.shop.url).href);
    expect(response?.status()).toBe(status);
    await expectSoundPage(page, 'Shopkeeper');
    const expected = `status of ${status} `;
    const unexpected = chromium.complaints.splice(0).filter((text) => !text.includes(expected));
    expect(unexpected).toEqual([]);
  });
});

/** The paths that GET leads somewhere at, also those of the routers inside. */
function listRoutes({ stack }: Pick<Router, 'stack'>): string[] {
  return stack.flatMap(({ route, handle }) => {
    if (route === undefined) return isRouter(handle) ? listRoutes(handle) : [];
    return route.stack.some(({ method }) => method === 'get') ? [route.path] : [];
  });
}

const isRouter = (handle: object): handle is Router => 'stack' in handle;

it('no page of the app is missing here', async () => {
  const shop = await startShop();
  const routes = listRoutes(shop.app.router);
  await shop.close();
  expect(new Set([...NO_PAGES, ...PAGES.map(([route]) => route)])).toEqual(new Set(routes));
});
