import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { features } from '../../../server/features.ts';
import { createBrowser } from '../../support/browser/browser.ts';
import { startShop, type Shop } from '../../support/start-shop.ts';

const CAUSES = 'What may have caused this';

describe('the page of an install that failed', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await startShop();
  });
  afterAll(() => shop.close());

  const open = (path: string) => createBrowser().get(`${shop.url}${path}`);

  it('names what may have caused it, in the words of the service', async () => {
    const { status, text } = await open('/oauth?error=access_denied');
    expect(status).toBe(400);
    expect(text).toContain('<h1>Access was denied</h1>');
    expect(text).toContain(CAUSES);
    expect(text).toContain('Deny was chosen on Zendesk’s page.');
  });

  it('lists several causes, the likeliest that another feature knows first', async () => {
    const started = await createBrowser().get(`${shop.url}/install`);
    const state = new URL(started.headers.get('location') ?? '').searchParams.get('state');
    const callback = `${shop.url.replace('localhost', '127.0.0.1')}/oauth?code=a&state=${state}`;
    const { text } = await createBrowser().get(callback);
    const [, list = ''] = text.split(CAUSES);
    const causes = [...list.matchAll(/<li>([^<]+)<\/li>/g)].map(([, cause]) => cause);
    expect(causes).toEqual([
      expect.stringContaining('another host than PUBLIC_URL names'),
      'It was started in another browser, profile or private window.',
      'The browser, or a proxy in between, drops cookies.',
      'Several sign-ins were open at the same time, and this is one of the oldest.',
    ]);
  });

  it('guesses nothing where no cause is known', async () => {
    const { text } = await open('/oauth?error=temporarily_unavailable');
    expect(text).toContain('Zendesk is not available just now');
    expect(text).not.toContain(CAUSES);
  });
});

it('without the feature the page says what failed and what to do, and nothing else', async () => {
  const shop = await startShop({ features: features.filter(({ name }) => name !== 'causes') });
  const { text } = await createBrowser().get(`${shop.url}/oauth?error=access_denied`);
  expect(text).toContain('<h1>Access was denied</h1>');
  expect(text).toContain('Start again whenever you like.');
  expect(text).not.toContain(CAUSES);
  await shop.close();
});
