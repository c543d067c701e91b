import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser, type Browser, type Page } from '../../../support/browser/browser.ts';
import { engines } from '../../../support/store/engines.ts';
import { readWholeDatabase } from '../../../support/store/read-whole-database.ts';
import { decide, openAccount, type Account } from '../support/open-account.ts';

const HOUR_MS = 60 * 60_000;

let account: Account;
let late = 0;
async function open(engine = engines[0]): Promise<void> {
  late = 0;
  account = await openAccount({ ...(engine && { engine }), now: () => Date.now() + late });
  await account.connect();
  account.zoom.killRefreshToken(account.firstUser.id);
  account.zoom.expireAccessTokens();
  await account.press('Sales', '/test');
}
afterEach(() => account.close());

async function makeLink(askedBy = 'Ada'): Promise<string> {
  const page = await account.press('Sales', '/link', { askedBy });
  const [link] = /http[^<"]+\/connections\/link\/[\w-]{43}/.exec(page.text) ?? [];
  if (link === undefined) throw new Error(`No link: ${page.status}`);
  return link;
}
const statusOf = async () => (await account.findConnection('Sales')).status;
/** Opens it and answers the page's button; the consent page is next. */
async function follow(browser: Browser, link: string) {
  const page = await browser.open(link);
  return { page, sent: await browser.fillIn(page, new URL(page.url).pathname, {}) };
}
async function allow(browser: Browser, sent: Page) {
  const href = sent.headers.get('refresh')?.replace('0; url=', '') ?? '';
  const consent = await browser.open(href);
  const user = account.firstUser.id;
  const back = await browser.fillIn(consent, 'authorize', { user, decision: 'allow' });
  return browser.open(browser.location(back));
}

describe('a reconnect link', () => {
  beforeEach(() => open());

  it('lets somebody without access to the account authorize the connection, once', async () => {
    const link = await makeLink();
    const stranger = createBrowser();
    const { page, sent } = await follow(stranger, link);
    for (const words of ['Ada of', 'acme.zendesk.com', 'schedule meetings', 'Sales'])
      expect(page.text).toContain(words);
    expect(page.url).not.toContain(link.split('/').at(-1));
    const done = await allow(stranger, sent);
    expect(done.text).toContain('Zoom is connected.');
    expect(await statusOf()).toBe('connected');

    for (const url of [account.statusUrl, await account.connectionUrl('Sales')])
      expect((await stranger.open(url)).status).toBe(404);
    expect((await stranger.open(account.shop.url)).text).not.toContain(account.id);
    expect((await createBrowser().open(link)).status).toBe(410);
    const owned = await account.browser.open(await account.connectionUrl('Sales'));
    expect(owned.text).toContain('Somebody with a reconnect link');
  });

  it('says by the clock until when it works, and not “until in 23 hours”', async () => {
    const made = await account.press('Sales', '/link', { askedBy: 'Ada' });
    const opened = await createBrowser().open(await makeLink());
    for (const { text } of [made, opened]) expect(text).toMatch(/until <time [^>]*data-clock>/);
  });

  it('is good also while the account’s token is being checked', async () => {
    const link = await makeLink();
    await account.shop.stores.installations.setStatus(account.id, ['active'], 'checking');
    expect((await createBrowser().open(link)).status).toBe(200);
  });

  it('is stored as a hash only, and stands in no log', async () => {
    const link = await makeLink();
    const token = link.split('/').at(-1) ?? '';
    await follow(createBrowser(), link);
    expect(JSON.stringify(await readWholeDatabase(account.shop.database))).not.toContain(token);
    expect(account.shop.printed.join()).toContain('/connections/link/…');
    expect(account.shop.printed.join()).not.toContain(token);
  });

  it('is not used up by being looked at, by a denial or by a failure of the provider', async () => {
    const link = await makeLink();
    const browser = createBrowser();
    await browser.open(link);
    const first = await follow(browser, link);
    const href = first.sent.headers.get('refresh')?.replace('0; url=', '') ?? '';
    const consent = await browser.open(href);
    const denied = await browser.fillIn(consent, 'authorize', { decision: 'deny' });
    expect((await browser.open(browser.location(denied))).status).toBe(400);

    account.shop.zendesk.armFault({ kind: 'answer', operation: 'ZoomToken', status: 500 });
    const failed = await allow(browser, (await follow(browser, link)).sent);
    expect(failed.status).toBe(502);
    await allow(browser, (await follow(browser, link)).sent);
    expect(await statusOf()).toBe('connected');
  });

  it('ends while its user is at the provider when its maker loses access', async () => {
    const browser = createBrowser();
    const { sent } = await follow(browser, await makeLink());
    await account.shop.database.kysely.deleteFrom('installation_owners').execute();
    expect((await allow(browser, sent)).status).toBe(410);
  });

  it('is nothing to guess, and its page nothing for another browser', async () => {
    const link = await makeLink();
    const browser = createBrowser();
    const page = await browser.open(link);
    const guess = link.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    expect((await createBrowser().open(guess)).status).toBe(410);
    expect((await createBrowser().open(page.url)).status).toBe(404);
  });

  it('is made by an owner only, with a form, and only of what a user authorizes', async () => {
    const url = await account.connectionUrl('Sales');
    const answer = await fetch(`${url}/link`, { method: 'POST' });
    expect(answer.status).toBe(403);
    await account.connectServer();
    const page = await account.browser.open(await account.connectionUrl('Server'));
    expect(page.text).not.toContain('reconnect link');
    const { id } = await account.findConnection('Server');
    const form = await account.browser.open(url);
    const moved = { ...form, text: form.text.replaceAll(url.split('/').at(-1) ?? '', id) };
    expect((await account.browser.fillIn(moved, '/link', {})).status).toBe(400);
  });

  it('asks for its maker’s name in one line', async () => {
    const long = await account.press('Sales', '/link', { askedBy: 'a'.repeat(101) });
    expect(long.status).toBe(422);
    expect(long.text).toContain('Use at most 100 characters.');
    const hostile = await makeLink('<b>Bob</b>');
    expect((await createBrowser().open(hostile)).text).toContain('&lt;b&gt;Bob&lt;/b&gt;');
  });

  it('of an owner’s own browser leads to the owner’s usual end as well', async () => {
    const { sent } = await follow(account.browser, await makeLink());
    expect((await allow(account.browser, sent)).text).toContain('Zoom is connected.');
    const other = await account.press('Sales', '/reconnect');
    const user = account.firstUser.id;
    const page = await decide(account.browser, other, { user, decision: 'allow' });
    expect(page.text).toContain('“Sales” is working.');
  });
});

describe.each(engines)('a reconnect link on %s', (engine) => {
  beforeEach(() => open(engine));

  it('works for one of two who use it at the same time', async () => {
    const link = await makeLink();
    const [one, two] = [createBrowser(), createBrowser()];
    const sent = [(await follow(one, link)).sent, (await follow(two, link)).sent] as const;
    const ends = await Promise.all([allow(one, sent[0]), allow(two, sent[1])]);
    expect(ends.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200,
      expect.toSatisfy((s) => s >= 404),
    ]);
  });

  it.each([
    ['after a day', async () => void (late = 24 * HOUR_MS + 1)],
    ['when a newer one was made', async () => void (await makeLink())],
    ['while its connection is off', async () => void (await account.press('Sales', '/disable'))],
    ['when its connection was deleted', async () => void (await account.press('Sales', '/delete'))],
    [
      'when whoever made it has lost access',
      async () => {
        await account.shop.database.kysely.deleteFrom('installation_owners').execute();
      },
    ],
    [
      'when the account has left',
      async () => {
        await account.shop.stores.installations.setStatus(account.id, ['active'], 'revoked');
      },
    ],
  ])('does not work %s', async (_case, end) => {
    const link = await makeLink();
    const browser = createBrowser();
    const opened = await browser.open(link);
    await end();
    expect((await createBrowser().open(link)).status).toBe(410);
    const sent = await browser.fillIn(opened, new URL(opened.url).pathname, {});
    expect([404, 410]).toContain(sent.status);
    expect(sent.headers.get('refresh')).toBeNull();
  });
});
