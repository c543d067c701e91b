import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAccessible } from '../support/browser/expect-accessible.ts';
import { allowAcme, hasChromium, openChromium } from '../support/browser/open-chromium.ts';
import { findFreePort, startProcess, type AppProcess } from '../support/process/start-process.ts';

/** `npm start` without credentials, seen through a real browser. */
describe.runIf(hasChromium())('the whole story in a browser', { timeout: 120_000 }, () => {
  let app: AppProcess;
  let dataDir: string;
  let chromium: Awaited<ReturnType<typeof openChromium>>;
  let visitor: BrowserContext;
  let status: Page;
  let customer: Page;
  let agent: Page;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'shopkeeper-browser-'));
    const ports = {
      PORT: String(await findFreePort()),
      SANDBOX_PORT: String(await findFreePort()),
    };
    app = startProcess({ ...ports, DATA_DIR: dataDir });
    await app.ready();
    chromium = await openChromium();
    visitor = await chromium.newVisitor();
    status = await visitor.newPage();
  });
  afterAll(async () => {
    await chromium.close();
    await app.end('SIGTERM');
    await rm(dataDir, { recursive: true, force: true });
  });

  async function install(): Promise<void> {
    await status.goto(app.url);
    await status.getByRole('link', { name: 'Add to Zendesk' }).first().click();
    await allowAcme(status);
  }

  async function write(page: Page, label: string, text: string): Promise<void> {
    await page.getByLabel(label).fill(text);
    // Without the page's script, Enter begins a line.
    await page.waitForLoadState('load');
    await page.getByLabel(label).press('Enter');
  }

  it('starts on a landing page that works in both schemes', async () => {
    await status.goto(app.url);
    await expectAccessible(status);
    await status.getByRole('link', { name: 'Add to Zendesk' }).first().click();
    await status.getByRole('button', { name: 'Allow' }).waitFor();
  });

  it('says what happened when access is denied', async () => {
    await status.goto(`${app.url}/install`);
    await status.getByRole('button', { name: 'Deny' }).click();
    await status.getByRole('link', { name: 'Start again' }).waitFor();
  });

  it('installs and ends on the status page', async () => {
    await install();
    await status.getByText('Ready. No customer has written yet.').waitFor();
    await status.getByText('Live', { exact: true }).waitFor();
    await expectAccessible(status);
  });

  it('answers a customer in the Messenger', async () => {
    customer = await visitor.newPage();
    await customer.goto(
      (await status.getByRole('link', { name: 'Open the Messenger' }).getAttribute('href')) ?? '',
    );
    await customer.getByRole('button', { name: 'Start a conversation' }).click();
    await customer.getByText('Hello, I am the shop’s assistant.').waitFor();
    await write(customer, 'Your message', 'where is my <b>order</b>?');
    await customer.getByText('You said: “where is my <b>order</b>?”').waitFor();
    await customer.getByRole('button', { name: 'Menu' }).waitFor({ state: 'detached' });
    await write(customer, 'Your message', 'menu');
    await customer.getByRole('button', { name: 'Show hours' }).click();
    await customer.getByText('We are open Monday').waitFor();
    await expectAccessible(customer);
  });

  it('shows on the status page what happens, without a reload', async () => {
    await status.getByText('Answering.').waitFor();
    await status.getByRole('link', { name: /^The button/ }).waitFor();
  });

  it('hands over to an agent, who answers and gives the conversation back', async () => {
    await write(customer, 'Your message', 'agent');
    await status.getByRole('link', { name: /handed over/ }).waitFor();
    agent = await visitor.newPage();
    await agent.goto(
      (await status.getByRole('link', { name: 'Agent Workspace' }).getAttribute('href')) ?? '',
    );
    await agent
      .getByRole('navigation', { name: 'Conversations' })
      .getByRole('link')
      .first()
      .click();
    await write(agent, 'Your answer', 'A person here, how can I help?');
    await customer.getByText('A person here, how can I help?').waitFor();
    await write(customer, 'Your message', 'just checking');
    await agent.getByText('just checking').first().waitFor();
    await expectAccessible(agent);
    await agent.getByRole('button', { name: 'Solve' }).click();
    await agent.getByRole('button', { name: 'Take over' }).waitFor();
    await write(customer, 'Your message', 'are you back?');
    await customer.getByText('You said: “are you back?”').waitFor();
    expect(await customer.getByText('You said: “just checking”').count()).toBe(0);
  });

  it('disconnects from our side', async () => {
    await status.getByRole('link', { name: 'Settings', exact: true }).click();
    await status.getByText('Disconnect Acme Outdoor…').click();
    await status.getByRole('button', { name: 'Disconnect and delete' }).click();
    await status.getByText('Acme Outdoor is disconnected.').waitFor();
    await customer.goto(
      customer.url().replace(/messenger.*/, 'admin/ai/ai-agents/ai-agents/marketplace-bots'),
    );
    await customer.getByRole('heading', { name: 'No bot installed' }).waitFor();
  });

  it('can be installed again and removed from the Zendesk side', async () => {
    await install();
    const url = status.url();
    await customer.reload();
    await expectAccessible(customer);
    await customer.getByRole('link', { name: 'Remove' }).click();
    await customer.getByRole('button', { name: 'Remove' }).click();
    await customer.getByRole('heading', { name: 'No bot installed' }).waitFor();
    const statusOf = async () => (await visitor.request.get(url)).status();
    await expect.poll(statusOf, { timeout: 10_000 }).toBe(404);
    await status.goto(url);
  });

  it('left nothing in the console but the pages that were meant not to be found', () => {
    expect(chromium.complaints.filter((text) => !/40[04]/.test(text))).toEqual([]);
  });
});
