import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hasChromium } from '../../../../test/support/browser/open-chromium.ts';
import { openMessenger, type Messenger } from '../../support/open-messenger.ts';

describe.skipIf(!hasChromium())('the Messenger with a script', () => {
  let messenger: Messenger;
  let visitor: BrowserContext;
  let page: Page;
  let conversationId: string;

  beforeAll(async () => {
    messenger = await openMessenger();
  });

  afterAll(async () => {
    await messenger.close();
  });

  beforeEach(async () => {
    ({ visitor, page, conversationId } = await messenger.arrive());
  });

  afterEach(async () => {
    await visitor.close();
    // A refused form is a 400, which the browser notes.
    expect(messenger.chromium.complaints.splice(0).filter((text) => !text.includes('400'))).toEqual(
      [],
    );
  });

  const say = (content: object) => messenger.send(conversationId, content);

  it('sends a file and closes the panel, without leaving the page', async () => {
    const url = page.url();
    await page.locator('summary', { hasText: 'Attach a file or a place' }).click();
    const buffer = Buffer.from('PDF');
    await page
      .getByLabel('Picture or file')
      .setInputFiles({ name: 'bill.pdf', mimeType: 'application/pdf', buffer });
    await page.getByLabel('Caption').fill('My bill');
    await page.getByLabel('Your message').fill('Words in the making');
    await page.getByRole('button', { name: 'Send the file' }).click();
    await page.getByRole('log').getByRole('link', { name: 'bill.pdf' }).waitFor();
    await page.getByLabel('Caption').waitFor({ state: 'hidden' });
    expect(page.url()).toBe(url);
    expect(await page.getByLabel('Your message').inputValue()).toBe('Words in the making');
  });

  it('finds where the customer is, and says beside the field what is no place', async () => {
    await visitor.grantPermissions(['geolocation'], { origin: messenger.world.url });
    await visitor.setGeolocation({ latitude: 52.5, longitude: 13.4 });
    const actions = [{ type: 'locationRequest', text: 'Send my location' }];
    await say({ type: 'text', text: 'Where are you?', actions });
    await page.getByRole('link', { name: 'Send my location' }).click();
    await page.getByLabel('Latitude').fill('north');
    await page.getByLabel('Longitude').fill('13');
    await page.getByRole('button', { name: 'Send the place' }).click();
    await page.getByText('Write the latitude in degrees').waitFor();
    await page.locator('#lat[aria-invalid=true]:focus').waitFor();
    expect(await page.getByLabel('Longitude').inputValue()).toBe('13');
    await page.getByRole('button', { name: 'Use where I am' }).click();
    await page.waitForFunction("document.getElementById('lat').value === '52.50000'");
    await page.getByRole('button', { name: 'Send the place' }).click();
    await page.getByRole('log').getByText('52.5, 13.4').waitFor();
    expect(messenger.world.control.messages(conversationId).at(-1)?.content.type).toBe('location');
  });

  it('keeps what is filled in while others speak, and says what is wrong with it', async () => {
    const field = { type: 'text', name: 'size', label: 'How many people', format: 'integer' };
    await say({ type: 'form', fields: [field] });
    const answer = page.getByLabel('How many people');
    await answer.fill('two');
    await say({ type: 'text', text: 'Take your time' });
    await page.getByRole('log').getByText('Take your time').waitFor();
    expect(await answer.inputValue()).toBe('two');
    await page.getByRole('log').getByRole('button', { name: 'Send' }).click();
    await page.locator('#log [aria-invalid=true]:focus').waitFor();
    expect(await answer.inputValue()).toBe('two');
    expect(await page.locator('#log p.problem').textContent()).toContain('no whole number');
    await answer.fill('2');
    await page.getByRole('log').getByRole('button', { name: 'Send' }).click();
    await page.getByText('This form was answered.').waitFor();
  });

  it('says what is wrong with a message until it is sent again, whatever others say meanwhile', async () => {
    const problem = page.locator('#problem');
    await page.getByLabel('Your message').fill('x'.repeat(4_097));
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.locator('#text[aria-invalid=true]:focus').waitFor();
    const words = await problem.textContent();
    expect(words).toContain('4096');
    await say({ type: 'text', text: 'Are you there?' });
    await page.getByRole('log').getByText('Are you there?').waitFor();
    expect(await problem.textContent()).toBe(words);
    await page.getByLabel('Your message').fill('Yes');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByRole('log').getByText('Yes').waitFor();
    expect(await problem.textContent()).toBe('');
    await expect.poll(() => page.locator('#text').getAttribute('aria-invalid')).toBe(null);
  });

  it('and the Agent Workspace tell each other who types and what was seen', async () => {
    messenger.world.control.takeOver(conversationId);
    await page.getByRole('log').getByText('You are now talking with').waitFor();
    messenger.world.control.sendCustomerMessage({ conversationId, text: 'Hello?' });
    await page.locator('#mark').getByText('Sent').waitFor();
    const later = await visitor.newPage();
    await later.clock.setFixedTime(Date.now() + 3.5 * 60_000);
    await later.goto(`${messenger.world.url}/accounts/acme/agent`);
    await later.getByText('Waiting · 3 minutes').waitFor();
    await later.close();
    const desk = await visitor.newPage();
    await desk.goto(`${messenger.world.url}/accounts/acme/agent/conversations/${conversationId}`);
    await page.locator('#mark').getByText('Seen').waitFor();
    await page.getByLabel('Your message').pressSequentially('An');
    await desk.getByText('The customer is typing').waitFor();
    await desk.getByLabel('Your answer').pressSequentially('Yes');
    await page.getByText('Typing…').waitFor();
    expect(await desk.getByLabel('Your answer').inputValue()).toBe('Yes');
  });
});
