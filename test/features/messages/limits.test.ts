import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fitContent } from '../../../server/features/messages/fit-content.ts';
import type { OutgoingItem } from '../../../server/runtime/types.ts';
import { openChat } from '../../support/open-chat.ts';

const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
beforeEach(() => vi.clearAllMocks());

const postback = { type: 'postback' as const, text: 'Open', payload: 'open' };
const link = (uri: string) => ({ type: 'link' as const, text: 'Open', uri });
const reply = (text: string, payload = 'open') => ({ type: 'reply' as const, text, payload });
const card = (members: Partial<OutgoingItem> = {}): OutgoingItem => ({
  title: 'A card',
  actions: [postback],
  ...members,
});
const fitCards = (items: OutgoingItem[]) => {
  const fitting = fitContent(log, { type: 'carousel', items });
  return fitting.type === 'carousel' ? fitting.items : [];
};
const carousel = (members: Partial<OutgoingItem>) => fitCards([card(members)])[0];
const fitText = (text: string, actions: ReturnType<typeof reply>[]) => {
  const fitting = fitContent(log, { type: 'text', text, actions });
  return fitting.type === 'text' ? fitting : undefined;
};
const times = <Value>(count: number, value: Value): Value[] => Array<Value>(count).fill(value);
const address = (length: number) => 'https://shop.example/'.padEnd(length, 'x');
const bytesOf = (value: object) => Buffer.byteLength(JSON.stringify(value));

describe('a text that people read', () => {
  it.each<[string, (text: string) => string | undefined]>([
    ['items[0].title', (title) => carousel({ title })?.title],
    ['items[0].description', (description) => carousel({ description })?.description],
    [
      'items[0].actions[0].text',
      (text) => carousel({ actions: [{ ...postback, text }] })?.actions[0]?.text,
    ],
    ['actions[0].text', (text) => fitText('Hi', [reply(text)])?.actions?.[0]?.text],
  ])('in %s may have 128 characters, and one more is cut with a line in the log', (field, fit) => {
    expect(fit('x'.repeat(128))).toBe('x'.repeat(128));
    expect(log.warn).not.toHaveBeenCalled();
    expect(fit('x'.repeat(129))).toBe(`${'x'.repeat(127)}…`);
    const text = `${field} was cut to 128 characters.`;
    expect(log.warn).toHaveBeenCalledExactlyOnceWith({ field, length: 129 }, text);
  });

  it('is cut between what people see as characters', () => {
    expect(carousel({ title: `${'x'.repeat(126)}🇩🇪` })?.title).toBe(`${'x'.repeat(126)}…`);
  });

  it('may not be missing, but a description may be empty', () => {
    expect(() => carousel({ title: '' })).toThrow('items[0].title is empty');
    expect(() => carousel({ actions: [{ ...postback, text: '' }] })).toThrow('actions[0].text is');
    expect(() => fitText('', [])).toThrow('text is empty');
    expect(() => fitText('Hi', [reply('')])).toThrow('actions[0].text is empty');
    expect(carousel({ description: '' })?.description).toBe('');
  });
});

describe('what cannot be cut', () => {
  it('is a number of cards: one to ten', () => {
    expect(fitCards(times(10, card()))).toHaveLength(10);
    expect(() => fitCards(times(11, card()))).toThrow(
      'items has 11 entries; Zendesk takes 1 to 10. Send the rest as another message. Nothing of it was sent.',
    );
    expect(() => fitCards([])).toThrow('items has 0 entries');
  });

  it('is a number of buttons on a card: one to three', () => {
    expect(carousel({ actions: times(3, postback) })?.actions).toHaveLength(3);
    const cards = [card(), card({ actions: times(4, postback) })];
    expect(() => fitCards(cards)).toThrow('items[1].actions has 4 entries; Zendesk takes');
    expect(() => carousel({ actions: [] })).toThrow('items[0].actions has 0 entries');
  });

  it.each<[string, (url: string) => unknown]>([
    ['items[0].mediaUrl', (mediaUrl) => carousel({ mediaUrl })],
    ['items[0].actions[0].uri', (uri) => carousel({ actions: [link(uri)] })],
  ])('is an address in %s: http or https, of 2 048 characters', (field, fit) => {
    expect(() => fit(address(2048))).not.toThrow();
    expect(() => fit(address(2049))).toThrow(`${field} has 2049 characters; Zendesk takes 2048`);
    for (const url of ['/front.jpg', 'shop.example', 'javascript:alert(1)', ''])
      expect(() => fit(url)).toThrow(`${field} is no http or https address`);
  });

  it('is a payload that is missing', () => {
    expect(() => carousel({ actions: [{ ...postback, payload: '' }] })).toThrow(
      'items[0].actions[0].payload is empty',
    );
    expect(() => fitText('Hi', [reply('Open', '')])).toThrow('actions[0].payload is empty');
  });

  it.each<[string, (payload: string) => object]>([
    ['a text', (payload) => fitText('Hi', [reply('Open', payload)]) ?? {}],
    [
      'a carousel',
      (payload) =>
        fitContent(log, {
          type: 'carousel',
          items: [card({ actions: [{ ...postback, payload }] })],
        }),
    ],
  ])('is %s as a whole, in bytes, most of which are payloads', (_kind, fit) => {
    const room = 99_000 - bytesOf(fit('x')) + 1;
    expect(bytesOf(fit('x'.repeat(room)))).toBe(99_000);
    expect(() => fit('x'.repeat(room + 1))).toThrow('What send() sends has 99001 bytes as JSON');
    expect(() => fit('é'.repeat(room / 2 + 1))).toThrow(RangeError);
  });
});

describe('an answer over a limit', () => {
  it('arrives cut, at the first attempt, and the log names each field', async () => {
    const title = 'x'.repeat(129);
    const description = `${'x'.repeat(126)}👩‍👩‍👧‍👦`;
    const actions = [{ ...link('https://shop.example/'), text: title }];
    const chat = await openChat({
      onMessage: ({ send }) => send({ type: 'carousel', items: [{ title, description, actions }] }),
    });
    expect(await chat.say()).toMatchObject({ state: 'done', attempts: 1 });
    const text = `${'x'.repeat(127)}…`;
    const last = chat.zendesk.messages(chat.conversationId).at(-1);
    expect(last?.content).toMatchObject({
      items: [{ title: text, description: `${'x'.repeat(126)}…`, actions: [{ text }] }],
    });
    const printed = chat.shop.printed.join('\n');
    for (const field of ['items[0].title', 'items[0].description'])
      expect(printed.split(`${field} was cut to 128 characters.`)).toHaveLength(2);
    await chat.shop.close();
  });

  it('that cannot be cut is a bug of its handler: seen in the log, and nothing is sent', async () => {
    let isMended = false;
    const chat = await openChat({
      async onMessage({ reply: say, send }) {
        if (isMended) return say('Mended.');
        isMended = true;
        await send({ type: 'carousel', items: times(11, card()) });
      },
    });
    expect(await chat.say()).toMatchObject({ state: 'done', attempts: 2 });
    expect(chat.replies()).toEqual(['Mended.']);
    const line = chat.shop.printed.find((text) => text.includes('An attempt failed.'));
    expect(line).toContain('items has 11 entries; Zendesk takes 1 to 10.');
    await chat.shop.close();
  });
});
