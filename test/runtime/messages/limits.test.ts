import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fitHandOff, fitReply } from '../../../server/runtime/messages/outgoing.ts';
import { openChat } from '../../support/open-chat.ts';

const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
beforeEach(() => vi.clearAllMocks());

const button = (text: string, payload = 'open') => ({ text, payload });
const fit = (text: string, ...buttons: ReturnType<typeof button>[]) =>
  fitReply(log, text, buttons)[0] ?? {};
const bytesOf = (value: object) => Buffer.byteLength(JSON.stringify(value));

describe('the text of a button', () => {
  it('may have 128 characters, and one more is cut with a line in the log', () => {
    expect(fit('Hi', button('x'.repeat(128)))).toEqual({
      type: 'text',
      text: 'Hi',
      actions: [{ type: 'reply', text: 'x'.repeat(128), payload: 'open' }],
    });
    expect(log.warn).not.toHaveBeenCalled();
    expect(fit('Hi', button('x'.repeat(129)))).toMatchObject({
      actions: [{ text: `${'x'.repeat(127)}…` }],
    });
    const field = 'buttons[0].text';
    const text = `${field} was cut to 128 characters.`;
    expect(log.warn).toHaveBeenCalledExactlyOnceWith({ field, length: 129 }, text);
  });

  it('is cut between what people see as characters', () => {
    expect(fit('Hi', button(`${'x'.repeat(126)}🇩🇪`))).toMatchObject({
      actions: [{ text: `${'x'.repeat(126)}…` }],
    });
  });
});

describe('what cannot be cut', () => {
  it('is a text, a button’s text or a payload that is missing', () => {
    expect(() => fit('')).toThrow('text of reply() is empty');
    expect(() => fit('Hi', button(''))).toThrow('buttons[0].text is empty');
    expect(() => fit('Hi', button('Open', ''))).toThrow('buttons[0].payload is empty');
  });

  it.each([
    ['undefined', {}],
    ['null', { text: null }],
    ['of type number', { text: 42 }],
    ['of type object', { text: {} }],
  ])('is what is no text but %s, as JSON may have it', (kind, said) => {
    const { text }: { text: string } = JSON.parse(JSON.stringify(said));
    const problem = `is ${kind}. It has to be a text. Nothing of it was sent.`;
    expect(() => fit(text)).toThrow(`The text of reply() ${problem}`);
    expect(() => fit('Hi', button(text))).toThrow(`buttons[0].text ${problem}`);
    expect(() => fitHandOff(log, text, {})).toThrow(`The reason of handOff() ${problem}`);
  });

  it('is what reply() sends as a whole, in bytes, most of which are payloads', () => {
    const fitPayload = (payload: string) => fit('Hi', button('Open', payload));
    const room = 99_000 - bytesOf(fitPayload('x')) + 1;
    expect(bytesOf(fitPayload('x'.repeat(room)))).toBe(99_000);
    expect(() => fitPayload('x'.repeat(room + 1))).toThrow(
      'What reply() sends has 99001 bytes as JSON',
    );
    expect(() => fitPayload('é'.repeat(room / 2 + 1))).toThrow(RangeError);
  });
});

describe('what goes along with a hand-off', () => {
  it('has a reason of 1 000 characters; a longer one is cut', () => {
    expect(fitHandOff(log, 'x'.repeat(1_000), {})).toEqual({ reason: 'x'.repeat(1_000) });
    expect(log.warn).not.toHaveBeenCalled();
    expect(fitHandOff(log, 'x'.repeat(1_001), {})).toEqual({ reason: `${'x'.repeat(999)}…` });
    const line = 'reason was cut to 1000 characters.';
    expect(log.warn).toHaveBeenCalledExactlyOnceWith({ field: 'reason', length: 1_001 }, line);
  });

  it('has 4 KB, and a reason in any script makes room for the rest', () => {
    const orders = 'x'.repeat(3_000);
    const fitting = fitHandOff(log, '客'.repeat(1_000), { orders });
    expect(fitting).toMatchObject({ orders, reason: expect.stringMatching(/^客{300,}…$/) });
    expect(bytesOf(fitting)).toBeLessThanOrEqual(4096);
    expect(bytesOf(fitting)).toBeGreaterThan(4096 - 6);
    expect(log.warn).toHaveBeenCalledOnce();
    expect(bytesOf(fitHandOff(log, '\u0001'.repeat(1_000), {}))).toBeLessThanOrEqual(4096);
  });

  it('is refused when it has one byte more than 4 KB', () => {
    const room = 4096 - bytesOf({ reason: 'R', orders: '' });
    expect(bytesOf(fitHandOff(log, 'R', { orders: 'x'.repeat(room) }))).toBe(4096);
    expect(() => fitHandOff(log, 'R', { orders: 'x'.repeat(room + 1) })).toThrow(
      'The metadata of handOff() has 4097 bytes as JSON with the reason; Zendesk takes 4096',
    );
  });
});

describe('an answer over a limit', () => {
  it('arrives cut, at the first attempt, and the log names its field', async () => {
    const chat = await openChat({
      onMessage: ({ reply }) => reply('Choose.', { buttons: [button('x'.repeat(129))] }),
    });
    expect(await chat.say()).toMatchObject({ state: 'done', attempts: 1 });
    const text = `${'x'.repeat(127)}…`;
    const last = chat.zendesk.messages(chat.conversationId).at(-1);
    expect(last?.content).toMatchObject({ actions: [{ text, payload: 'open' }] });
    const line = 'buttons[0].text was cut to 128 characters.';
    expect(chat.shop.printed.join('\n').split(line)).toHaveLength(2);
    await chat.shop.close();
  });

  it('that cannot be cut is a bug of its handler: seen in the log, nothing sent, answered once it is mended', async () => {
    const tried: unknown[] = [];
    let isMended = false;
    const chat = await openChat({
      async onMessage({ reply, handOff }) {
        if (isMended) return reply('Mended.');
        isMended = true;
        const keep = (error: unknown) => void tried.push(error);
        await handOff({ reason: 'R', metadata: { orders: 'x'.repeat(5_000) } }).catch(keep);
        await reply('x'.repeat(9_000), { buttons: [button('Go', '')] });
      },
    });
    expect(await chat.say()).toMatchObject({ state: 'done', attempts: 2 });
    expect(tried).toEqual([expect.any(RangeError)]);
    expect(chat.replies()).toEqual(['Mended.']);
    expect(chat.callsOf('PassControl')).toEqual([]);
    const line = chat.shop.printed.find((text) => text.includes('An attempt failed.'));
    expect(line).toContain('buttons[0].payload is empty.');
    await chat.shop.close();
  });
});
