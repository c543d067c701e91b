import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBrowser, type Browser } from '../../support/browser/browser.ts';
import type { Shop } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { startPlay } from './support/start-play.ts';

describe('the tour', () => {
  let shop: Shop;
  let browser: Browser;
  let conversationId: string;
  beforeAll(async () => {
    shop = await startPlay();
    browser = createBrowser();
  });
  afterAll(() => shop.close());

  async function readSteps(path = '/') {
    const { text } = await browser.open(shop.url + path);
    const steps = /<ol class="tour-steps"[\s\S]*?<\/ol>/.exec(text)?.[0] ?? '';
    return [...steps.matchAll(/<\/span>([^<]+)<span class="visually-hidden">, done/g)].map(
      ([, label]) => label,
    );
  }
  const hasBar = async (path: string) =>
    (await browser.open(shop.url + path)).text.includes('class="tour"');

  const readSandbox = async () => (await browser.get(shop.sandbox.url)).text;

  it('is not in the way of whoever has not begun', async () => {
    expect(await hasBar('/')).toBe(false);
    expect(await hasBar('/play')).toBe(true);
  });

  it('ticks what has really happened, and nothing else', async () => {
    await browser.open(`${shop.url}/play/start`);
    expect(await readSteps()).toEqual(['Install']);
    expect(await readSandbox()).toContain('Tour, 1 of 6 done. Next: Say hello');
    ({ conversationId } = shop.zendesk.createConversation({ account: 'acme' }));
    shop.zendesk.sendCustomerMessage({ conversationId, text: 'hello' });
    await waitUntil('the stand-in knows of hello by itself', async () =>
      (await readSandbox()).includes('Tour, 2 of 6 done. Next: Watch it travel'),
    );
    await waitUntil('hello is ticked', async () => (await readSteps()).length === 2);
    expect(await readSteps('/play')).toEqual(['Install', 'Say hello', 'Watch it travel']);
  });

  it('goes on where a fault struck and a person took over', async () => {
    await browser.submit(await browser.open(`${shop.url}/play`), '/play/break', { break: 'twice' });
    shop.zendesk.sendCustomerMessage({ conversationId, text: 'agent' });
    await waitUntil('both are ticked', async () =>
      (await readSteps()).join().endsWith('Break it,Hand over'),
    );
    const outcome = '“agent” came 2 times. The customer waits for a person of the team.';
    await waitUntil('it says what came of it', async () =>
      (await browser.open(`${shop.url}/play`)).text.includes(outcome),
    );
  });

  it('is put away, and brought back', async () => {
    const page = await browser.open(`${shop.url}/play`);
    await browser.submit(page, '/play/tour', { tour: 'hide' });
    expect(await hasBar('/')).toBe(false);
    expect(await readSandbox()).not.toContain('Tour,');
    await browser.submit(await browser.open(`${shop.url}/play`), '/play/tour', { tour: 'show' });
    expect(await hasBar('/')).toBe(true);
  });

  it('ends with the account, and remembers the rest', async () => {
    const { text } = await browser.open(`${shop.url}/play`);
    const href = /class="tour"[\s\S]*?href="([^"]+)#disconnect"/.exec(text)?.[1] ?? '';
    await browser.submit(await browser.open(shop.url + href), '/disconnect');
    expect(await readSandbox()).not.toContain('Tour,');
    expect(await readSteps()).toHaveLength(6);
  });
});
