import { afterEach, describe, expect, expectTypeOf, it } from 'vitest';
import { readWholeDatabase } from '../../support/store/read-whole-database.ts';
import { DEFAULTS, openSettings, type OpenSettings } from './support/open-settings.ts';
import { valueIn } from './support/read-form.ts';

let at: OpenSettings;
afterEach(() => at.close());

describe('what is saved in the form', () => {
  it('reaches the next handler, typed, and stands in the form', async () => {
    at = await openSettings();
    expect(await at.ask()).toEqual({ ...DEFAULTS, rate: undefined, apiKey: undefined });
    const page = await at.save({
      greeting: '  Good morning “you” <b> ',
      instructions: 'Be brief.\r\nBe kind.',
      retries: '5',
      rate: '2,5',
      tone: 'formal',
      isOpen: 'on',
      apiKey: 'a-very-secret-key',
    });
    const stored = {
      greeting: 'Good morning “you” <b>',
      instructions: 'Be brief.\nBe kind.',
      retries: 5,
      rate: 2.5,
      tone: 'formal',
      isOpen: true,
    };
    expect(await at.ask()).toEqual({ ...stored, apiKey: 'a-very-secret-key' });
    for (const [name, value] of Object.entries(stored))
      expect(valueIn(page.text, name)).toBe(String(value));
    expect(page.text).toContain('Greeting: “Hello!” → “Good morning “you” &lt;b&gt;”.');
    expect(page.text).toContain(
      'Tone: “Warm” → “Formal &amp; dry”. Open: off → on. API key: saved.',
    );
  });

  it('is of one account alone', async () => {
    at = await openSettings();
    await at.save({ greeting: 'Hi' });
    const other = await at.shop.install('bloom');
    const { text } = await other.browser.open(`${other.statusUrl}/settings`);
    expect(valueIn(text, 'greeting')).toBe('Hello!');
  });

  it('stays when another field is changed, and when nothing is', async () => {
    at = await openSettings();
    await at.save({ greeting: 'Hi', isOpen: 'on' });
    await at.save({ greeting: 'Hi', retries: '4', isOpen: 'on' });
    const page = await at.save({ greeting: 'Hi', retries: '4', isOpen: 'on' });
    expect(page.text).toContain('Nothing was changed.');
    expect(await at.ask()).toMatchObject({ greeting: 'Hi', retries: 4, isOpen: true });
    await at.save({ greeting: 'Hi' });
    expect(await at.ask()).toMatchObject({ greeting: 'Hi', isOpen: false });
  });

  it('goes back to its default when the field is emptied', async () => {
    at = await openSettings();
    await at.save({ greeting: 'Hi', retries: '4', rate: '1' });
    await at.save({ greeting: '', retries: ' ', rate: '' });
    expect(await at.ask()).toMatchObject({ ...DEFAULTS, rate: undefined });
    expect(await at.shop.database.kysely.selectFrom('settings').selectAll().execute()).toEqual([]);
  });

  it('is a line of activity that says who changed what, and not to what', async () => {
    at = await openSettings();
    await at.save({ greeting: 'a private greeting', apiKey: 'a-very-secret-key' });
    const [line] = at.shop.notes.latest(at.id, 1);
    expect(line?.kind).toBe('settings');
    expect(line?.text).toMatch(/^Settings were changed by browser \w+: Greeting, API key\.$/);
  });
});

describe('a secret', () => {
  it('is kept when its field is left empty, replaced when not, and deleted when that is ticked', async () => {
    at = await openSettings();
    await at.save({ apiKey: 'the-first-secret' });
    const page = await at.save({ greeting: 'Hi', apiKey: '' });
    expect(page.text).toContain('One is stored. Leave this empty to keep it.');
    expect(await at.ask()).toMatchObject({ apiKey: 'the-first-secret' });
    expect((await at.save({ apiKey: 'the-second-secret' })).text).toContain('API key: replaced.');
    expect(await at.ask()).toMatchObject({ apiKey: 'the-second-secret' });
    expect((await at.save({ 'apiKey.forget': 'on' })).text).toContain('API key: deleted.');
    expect((await at.ask()).apiKey).toBeUndefined();
    expect(await at.shop.stores.secrets.getAll(`setting:${at.id}/apiKey`)).toEqual({});
  });

  it('is in no page, log line or export, and in the database encrypted', async () => {
    at = await openSettings();
    const secret = 'a-very-secret-key';
    const pages = [await at.save({ apiKey: secret })];
    for (const url of [at.url, at.statusUrl, `${at.statusUrl}/export`, `${at.statusUrl}/delete`])
      pages.push(await at.browser.open(url));
    await at.ask();
    for (const { text } of pages) expect(text).not.toContain(secret);
    expect(JSON.stringify(await readWholeDatabase(at.shop.database))).not.toContain(secret);
    expect(at.shop.printed.join('')).not.toContain(secret);
  });
});

describe('of two owners who save at once', () => {
  it('each changes what he changed, and the later one is told of what he changed over', async () => {
    at = await openSettings();
    const [mine, theirs] = [await at.open(), await at.open()];
    await at.browser.fillIn(mine, '/settings', { greeting: 'Mine', retries: '5' });
    const page = await at.browser.follow(
      await at.browser.fillIn(theirs, '/settings', { greeting: 'Hello!', retries: '6', rate: '1' }),
    );
    expect(await at.ask()).toMatchObject({ greeting: 'Mine', retries: 6, rate: 1 });
    expect(page.text).toContain('Retries: “5” → “6”. Somebody else had changed it meanwhile.');
    expect(page.text).toContain('Rate: nothing → “1”.');
  });
});

describe('the type of a setting', () => {
  it('is that of its field', async () => {
    at = await openSettings();
    const settings = await at.ask();
    expectTypeOf(settings.greeting).toEqualTypeOf<string>();
    expectTypeOf(settings.retries).toEqualTypeOf<number>();
    expectTypeOf(settings.rate).toEqualTypeOf<number | undefined>();
    expectTypeOf(settings.tone).toEqualTypeOf<'warm' | 'formal'>();
    expectTypeOf(settings.isOpen).toEqualTypeOf<boolean>();
    expectTypeOf(settings.apiKey).toEqualTypeOf<string | undefined>();
  });
});
