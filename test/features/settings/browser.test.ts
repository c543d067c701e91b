import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectSoundPage } from '../../support/browser/expect-sound-page.ts';
import { hasChromium, openChromium, signIn } from '../../support/browser/open-chromium.ts';
import { openSettings, type OpenSettings } from './support/open-settings.ts';

describe.runIf(hasChromium())('settings in a browser', { timeout: 120_000 }, () => {
  let at: OpenSettings;
  let chromium: Awaited<ReturnType<typeof openChromium>>;
  let owner: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    at = await openSettings();
    chromium = await openChromium();
    owner = await chromium.newVisitor();
    await signIn(owner, at.browser);
    page = await owner.newPage();
    await page.goto(at.statusUrl);
  });
  afterAll(async () => {
    await chromium.close();
    await at.close();
  });

  it('are found on the account’s page, changed, and told', async () => {
    await page.getByRole('link', { name: 'Settings', exact: true }).click();
    await page.getByRole('link', { name: 'Change settings' }).click();
    await expectSoundPage(page, 'Shopkeeper');
    await page.getByLabel('Greeting').fill('Good morning');
    await page.getByLabel('Instructions').fill('Be brief.\nBe kind.');
    await page.getByLabel('Tone').selectOption({ label: 'Formal & dry' });
    await page.getByLabel('Open').check();
    await page.getByLabel('API key').fill('a-very-secret-key');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Greeting: “Hello!” → “Good morning”.').waitFor();
    expect(await page.getByLabel('Instructions').inputValue()).toBe('Be brief.\nBe kind.');
    expect(await page.getByLabel('API key').inputValue()).toBe('');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Nothing was changed.').waitFor();
  });

  it('that are wrong come back with focus on the first of them', async () => {
    await page.getByLabel('Retries').fill('many');
    await page.getByLabel('Rate').fill('more');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.locator(':focus').getAttribute('name')).toBe('retries');
    expect(await page.getByLabel('Rate').inputValue()).toBe('more');
    await expectSoundPage(page, 'Shopkeeper');
  });
});
