import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import express from 'express';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findProjectRoot } from '../../server/config/env-file.ts';
import { ZOCKS_APP, ZOOM_APP } from '../features/connections/support/open-account.ts';
import { expectSoundPage } from '../support/browser/expect-sound-page.ts';
import { hasChromium, openChromium } from '../support/browser/open-chromium.ts';
import { CLIENT_ID } from '../support/start-shop.ts';
import { waitUntil } from '../support/wait-until.ts';
import { furnishAccount, type FurnishedAccount } from './support/furnish-account.ts';

const VIEWS = join(findProjectRoot(), 'sandbox/views');
const ADMIN = 'admin/ai/ai-agents/ai-agents/marketplace-bots';
const APP = `/portal/apps/${ZOCKS_APP.clientId}`;
const BOT = `/portal/apps/${CLIENT_ID}`;
const WRONG = 'response_type=code&redirect_uri=https://elsewhere.example';

/** Who looks, the address, and the status expected if it is not 200. */
const PAGES: [
  who: 'nobody' | 'Zocks Owner' | 'Home Office Admin',
  address: string,
  status?: number,
][] = [
  ['nobody', '/'],
  ['nobody', '/nowhere', 404],
  ['nobody', '/faults'],
  ['nobody', '/bots'],
  ['nobody', '/calls'],
  ['nobody', '/accounts/bloom/messenger'],
  ['Zocks Owner', '/accounts/acme/messenger'],
  ['nobody', '/accounts/acme/phone'],
  ['nobody', '/accounts/acme/phone/12125552368'],
  ['nobody', '/accounts/bloom/agent'],
  ['nobody', '/accounts/acme/agent'],
  ['nobody', '/accounts/acme/agent/conversations/{conversation}'],
  ['nobody', '/accounts/acme/admin/customers'],
  ['nobody', '/accounts/acme/admin/channels/messaging'],
  ['nobody', `/accounts/acme/${ADMIN}`],
  ['nobody', `/accounts/acme/${ADMIN}/{installation}/remove`],
  ['nobody', `/sc/oauth/authorize?client_id=${CLIENT_ID}&response_type=code`],
  ['nobody', `/sc/oauth/authorize?client_id=${CLIENT_ID}&${WRONG}`, 400],
  ['nobody', '/zoom'],
  ['nobody', '/zoom?proof=wrong'],
  ['nobody', '/zoom/j/{meeting}'],
  ['nobody', '/zoom/j/0', 404],
  [
    'nobody',
    `/zoom/oauth/authorize?client_id=${ZOOM_APP.clientId}&response_type=code&{zoomReturn}`,
  ],
  ['nobody', `/zoom/oauth/authorize?client_id=${ZOOM_APP.clientId}&${WRONG}`, 400],
  ['nobody', '/zocks'],
  [
    'nobody',
    `/zocks/oauth/authorize?client_id=${ZOCKS_APP.clientId}&response_type=code&{zocksReturn}`,
  ],
  ['nobody', '/portal'],
  ['nobody', '/portal/operator'],
  ['Zocks Owner', '/portal/apps'],
  ['Zocks Owner', '/portal/apps/new/details'],
  ['Zocks Owner', '/portal/apps/new/redirect-uris'],
  ['Zocks Owner', '/portal/apps/new/scopes'],
  ['Zocks Owner', APP],
  ['Zocks Owner', BOT],
  ['Zocks Owner', `${APP}/manage/details`],
  ['Zocks Owner', `${APP}/manage/redirect-uris`],
  ['Zocks Owner', `${APP}/manage/scopes`],
  ['Zocks Owner', `${BOT}/manage/marketplace`],
  ['Zocks Owner', `${BOT}/delete`],
  ['Zocks Owner', `${APP}/secret`],
  ['Zocks Owner', `${APP}/delete`],
  ['Zocks Owner', '/portal/people'],
  ['Home Office Admin', '/portal/enterprise'],
];

describe.runIf(hasChromium())('every page of the sandbox', { timeout: 120_000 }, () => {
  const render = vi.spyOn(express.response, 'render');
  let account: FurnishedAccount;
  let chromium: Awaited<ReturnType<typeof openChromium>>;
  let places: Map<string, string>;
  const visitors = new Map<string, Page>();

  beforeAll(async () => {
    account = await furnishAccount();
    const { shop, zoom, conversationId } = account;
    shop.zendesk.sendCustomerMessage({ conversationId, text: 'meet' });
    const meeting = await waitUntil('a meeting was made', () => zoom.meetings()[0]);
    const phoneNumber = '+1 212 555 2368';
    shop.zendesk.writeFromPhone({ account: 'acme', phoneNumber, text: 'Where is my tent?' });
    shop.zendesk.takeOver(conversationId);
    shop.zendesk.armFault({ kind: 'answer', operation: 'ZocksRevoke', status: 503 });
    const returnTo = (provider: string) =>
      `redirect_uri=${encodeURIComponent(`${shop.url}/connections/callback/${provider}`)}`;
    places = new Map([
      ['conversation', conversationId],
      ['installation', shop.zendesk.installations()[0]?.id ?? ''],
      ['meeting', String(meeting.id)],
      ['zoomReturn', returnTo('zoom')],
      ['zocksReturn', returnTo('zocks')],
    ]);
    chromium = await openChromium();
    for (const who of ['nobody', 'Zocks Owner', 'Home Office Admin']) await arrive(who);
    await chat(visit('Zocks Owner'));
  });
  afterAll(async () => {
    render.mockRestore();
    await chromium.close();
    await account.close();
  });

  const visit = (who: string): Page => visitors.get(who) ?? expect.fail(`Nobody is ${who}`);
  const at = (address: string) =>
    account.shop.sandbox.url + address.replace(/\{(\w+)\}/, (_all, name) => places.get(name) ?? '');

  async function arrive(who: string): Promise<void> {
    const page = await (await chromium.newVisitor()).newPage();
    visitors.set(who, page);
    if (who === 'nobody') return;
    await page.goto(at('/portal'));
    await page.getByLabel(who).check();
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
  }

  async function chat(page: Page): Promise<void> {
    await page.goto(at('/accounts/acme/messenger'));
    await page.getByRole('button', { name: 'Start a conversation' }).click();
    await page.waitForLoadState('load');
    await page.getByLabel('Your message').fill('menu');
    await page.keyboard.press('Enter');
    await page.getByRole('list', { name: 'Cards' }).waitFor();
  }

  async function expectSound(page: Page, status: number): Promise<void> {
    await expectSoundPage(page, 'Sandbox');
    const expected = `status of ${status} `;
    const unexpected = chromium.complaints.splice(0).filter((text) => !text.includes(expected));
    expect(unexpected).toEqual([]);
  }

  it.each(PAGES)('%s finds it sound at %s', async (who, address, status = 200) => {
    const response = await visit(who).goto(at(address));
    expect(response?.status()).toBe(status);
    await expectSound(visit(who), status);
  });

  it.each([
    [`${APP}/manage/details`, 'App name', '', 'Save', 422],
    [`${APP}/manage/redirect-uris`, 'Redirect URI 1', 'ftp://x.example', 'Save', 422],
    [`${BOT}/manage/marketplace`, 'Remove URL', 'nowhere', 'Save', 422],
    ['/portal/apps/new/details', 'App name', '', 'Next', 422],
    ['/accounts/acme/messenger', 'Your message', 'x'.repeat(4_097), 'Send', 400],
  ])(
    'a form with a mistake at %s says so beside %s',
    async (address, label, text, button, status) => {
      const page = visit('Zocks Owner');
      await page.goto(at(address));
      await page.getByLabel(label).fill(text);
      await page.getByRole('button', { name: button, exact: true }).click();
      await page.locator('[aria-invalid=true]:focus').waitFor();
      expect(await page.getByRole('alert').allTextContents()).not.toEqual(['']);
      await expectSound(page, status);
    },
  );

  it('shows the credentials of a bot that was registered, on a sound page', async () => {
    const page = visit('nobody');
    await page.goto(at('/bots'));
    await page.getByLabel('Name', { exact: true }).fill('Another bot');
    await page.getByLabel('Redirect URIs').fill('nowhere');
    await page.getByRole('button', { name: 'Register', exact: true }).click();
    await page.locator('[aria-invalid=true]:focus').waitFor();
    await expectSound(page, 400);
    await page.getByLabel('Redirect URIs').fill('http://localhost:4000/oauth');
    await page.getByRole('button', { name: 'Register', exact: true }).click();
    await page.getByRole('heading', { name: 'Credentials of Another bot' }).waitFor();
    await expectSound(page, 201);
  });

  it('asks before scopes are taken from people, on a sound page', async () => {
    const page = visit('Zocks Owner');
    await page.goto(at(`${APP}/manage/scopes`));
    await page.getByRole('checkbox', { checked: true }).first().uncheck();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: /^Remove/ }).waitFor();
    await expectSound(page, 200);
  });

  it('has shown every view but those of the public demo', async () => {
    const files = await readdir(VIEWS, { recursive: true });
    const pages: string[] = [];
    for (const file of files.filter((name) => name.endsWith('.ejs'))) {
      const isPage = (await readFile(join(VIEWS, file), 'utf8')).includes("partials/top'");
      if (isPage && !file.startsWith('demo/')) pages.push(file.replace('.ejs', ''));
    }
    const shown = new Set(render.mock.calls.map(([view]) => view));
    expect(pages.filter((view) => !shown.has(view))).toEqual([]);
  });
});
