import { parse } from 'node-html-parser';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openSettings, type OpenSettings } from './support/open-settings.ts';
import { errorOf, valueIn } from './support/read-form.ts';

let at: OpenSettings;

describe('what is wrong', () => {
  beforeAll(async () => {
    at = await openSettings();
  });
  afterAll(() => at.close());

  it.each([
    ['retries', 'many', 'Enter a number, such as 1000 or 2.5.'],
    ['retries', '2.5', 'Enter a whole number.'],
    ['retries', '0', 'Enter 1 or more.'],
    ['retries', '10', 'Enter 9 or less.'],
    ['retries', '1,000', 'Enter a number, such as 1000 or 2.5.'],
    ['retries', '1.000', 'Enter a number, such as 1000 or 2.5.'],
    ['rate', '12,500', 'Enter a number, such as 1000 or 2.5.'],
    ['rate', 'Infinity', 'Enter a number, such as 1000 or 2.5.'],
    ['rate', `1${'0'.repeat(400)}`, 'Enter a number, such as 1000 or 2.5.'],
    ['greeting', 'x'.repeat(201), 'Use at most 200 characters; these are 201.'],
    ['instructions', 'x'.repeat(301), 'Use at most 300 characters; these are 301.'],
    ['greeting', 'a\u0000b', 'This has a character in it that cannot be kept'],
    ['tone', 'rude', 'Choose one of these.'],
    ['tone', '__proto__', 'Choose one of these.'],
    ['apiKey', 'x'.repeat(501), 'Use at most 500 characters; these are 501.'],
  ])('in %s is said at the field, and nothing of it is kept', async (name, typed, error) => {
    const page = await at.send({ [name]: typed });
    expect(page.status).toBe(422);
    expect(errorOf(page.text, name)).toContain(error);
    const field = parse(page.text).querySelector(`#field-${name}`);
    expect(field?.getAttribute('aria-invalid')).toBe('true');
    expect(field?.getAttribute('aria-describedby')).toContain(`field-${name}-error`);
    if (name !== 'tone') expect(valueIn(page.text, name)).toBe(name === 'apiKey' ? '' : typed);
    expect(await at.shop.database.kysely.selectFrom('settings').selectAll().execute()).toEqual([]);
  });
});

describe('a field that is wrong', () => {
  afterEach(() => at.close());

  it('keeps nothing else from being saved, secrets included: nothing has to be typed again', async () => {
    at = await openSettings();
    const page = await at.send({ greeting: 'Hi', retries: 'many', apiKey: 'a-very-secret-key' });
    expect(page.status).toBe(422);
    expect(page.text).toContain('The rest was saved: Greeting: “Hello!” → “Hi”. API key: saved.');
    expect(valueIn(page.text, 'greeting')).toBe('Hi');
    expect(page.text).not.toContain('a-very-secret-key');
    expect(await at.ask()).toMatchObject({ greeting: 'Hi', apiKey: 'a-very-secret-key' });
    const again = await at.browser.fillIn(page, '/settings', { greeting: 'Hi', retries: '7' });
    expect(again.status).toBe(303);
    expect(await at.ask()).toMatchObject({ greeting: 'Hi', retries: 7 });
  });

  it('is a required field that is empty, and the account’s page names it', async () => {
    at = await openSettings({
      schema: {
        shop: { kind: 'text', label: 'Shop', required: true },
        key: { kind: 'secret', label: 'Key', required: true },
        count: { kind: 'number', label: 'Count', required: true },
      },
    });
    expect((await at.browser.open(at.statusUrl)).text).toContain('Shop, Key, Count');
    const page = await at.send({ shop: ' ', key: '', count: '' });
    for (const name of ['shop', 'key', 'count'])
      expect(errorOf(page.text, name)).toBe('The bot cannot do without: enter it.');
    await at.save({ shop: 'Tents', key: 'a-very-secret-key', count: '1' });
    expect((await at.browser.open(at.statusUrl)).text).not.toContain('The bot still needs');
    const kept = await at.save({ shop: 'Tents', key: '', count: '1' });
    expect(kept.text).toContain('Nothing was changed.');
    const forgetting = { shop: 'Tents', key: '', count: '1', 'key.forget': 'on' };
    expect((await at.send(forgetting)).status).toBe(422);
  });
});
