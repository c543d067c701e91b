import { describe, expect, it } from 'vitest';
import { fit, item, link, long, times, uri, withActions } from './make-content.ts';

const address = (length: number) => 'https://shop.example/'.padEnd(length, 'x');
const reply = { type: 'reply' as const, text: 'a', payload: 'b' };
const place = (lat: number, far: number) =>
  fit({ type: 'location', coordinates: { lat, long: far } });

describe('what cannot be cut', () => {
  it.each<[string, () => unknown, () => unknown]>([
    [
      'htmlText has 4097 characters; Zendesk takes 4096',
      () => fit({ type: 'text', htmlText: long(4096) }),
      () => fit({ type: 'text', htmlText: long(4097) }),
    ],
    [
      'markdownText has 4097',
      () => fit({ type: 'file', mediaUrl: uri, markdownText: long(4096) }),
      () => fit({ type: 'file', mediaUrl: uri, markdownText: long(4097) }),
    ],
    [
      'markdownText stands beside htmlText',
      () => fit({ type: 'text', text: 'a', htmlText: 'b' }),
      () => fit({ type: 'text', htmlText: 'a', markdownText: 'b' }),
    ],
    ['text is missing', () => fit({ type: 'text', actions: [link] }), () => fit({ type: 'text' })],
    [
      'text is empty',
      () => fit({ type: 'text', text: ' ' }),
      () => fit({ type: 'image', mediaUrl: uri, text: '' }),
    ],
    [
      'mediaUrl is no http or https address',
      () => fit({ type: 'file', mediaUrl: uri }),
      () => fit({ type: 'file', mediaUrl: 'javascript:alert(1)' }),
    ],
    [
      'items[0].mediaUrl has 2049 characters',
      () => fit({ type: 'list', items: [{ ...item, mediaUrl: address(2048) }] }),
      () => fit({ type: 'list', items: [{ ...item, mediaUrl: address(2049) }] }),
    ],
    [
      'items[0].mediaType has 129 characters',
      () => fit({ type: 'list', items: [{ ...item, mediaType: long(128) }] }),
      () => fit({ type: 'list', items: [{ ...item, mediaType: long(129) }] }),
    ],
    [
      'items has 11 entries; Zendesk takes 1 to 10',
      () => fit({ type: 'list', items: times(10, () => item) }),
      () => fit({ type: 'list', items: times(11, () => item) }),
    ],
    [
      'items has 0 entries',
      () => fit({ type: 'list', items: [item] }),
      () => fit({ type: 'list', items: [] }),
    ],
    [
      'actions has 11 entries',
      () => fit({ type: 'list', items: [item], actions: times(10, () => link) }),
      () => fit({ type: 'list', items: [item], actions: times(11, () => link) }),
    ],
    [
      'items[1].actions has 4 entries; Zendesk takes 1 to 3',
      () => fit({ type: 'list', items: [item, { ...item, actions: times(3, () => link) }] }),
      () => fit({ type: 'list', items: [item, { ...item, actions: times(4, () => link) }] }),
    ],
    [
      'items[0].metadata has 4097 bytes',
      () => fit({ type: 'list', items: [{ ...item, metadata: { a: long(4088) } }] }),
      () => fit({ type: 'list', items: [{ ...item, metadata: { a: long(4089) } }] }),
    ],
    [
      'items[0].actions[0].uri has 2049 characters; Zendesk takes 2048',
      () => withActions({ ...link, uri: address(2048) }),
      () => fit({ type: 'list', items: [{ ...item, actions: [{ ...link, uri: address(2049) }] }] }),
    ],
    [
      'actions[0].metadata has 4097 bytes',
      () => withActions({ ...link, metadata: { a: long(4088) } }),
      () => withActions({ ...link, metadata: { a: long(4089) } }),
    ],
    [
      'actions[0].fallback is no http',
      () => withActions({ ...link, type: 'webview', fallback: uri }),
      () => withActions({ ...link, type: 'webview', fallback: '/' }),
    ],
    [
      'actions has more than one openOnReceive',
      () => withActions({ ...link, type: 'webview', fallback: uri, openOnReceive: true }),
      () =>
        withActions(
          ...times(2, () => ({
            ...link,
            type: 'webview' as const,
            fallback: uri,
            openOnReceive: true,
          })),
        ),
    ],
    [
      'actions has reply or locationRequest beside other types',
      () => withActions(reply, { type: 'locationRequest', text: 'Where?' }),
      () => withActions(reply, link),
    ],
    [
      'actions has reply or locationRequest',
      () => withActions(link, { type: 'postback', text: 'a', payload: 'b' }),
      () => withActions(link, { type: 'locationRequest', text: 'Where?' }),
    ],
    [
      'actions[0].iconUrl is no http',
      () => withActions(reply),
      () => withActions({ ...reply, iconUrl: 'i.png' }),
    ],
    [
      'actions[0].amount is 9.99; Zendesk takes a whole number',
      () => withActions({ type: 'buy', text: 'Pay', amount: 999 }),
      () => withActions({ type: 'buy', text: 'Pay', amount: 9.99 }),
    ],
    [
      'actions[0].payload is empty',
      () => withActions({ type: 'postback', text: 'a', payload: 'b' }),
      () => withActions({ type: 'postback', text: 'a', payload: '' }),
    ],
    [
      'actions[0].text is empty',
      () => withActions({ type: 'locationRequest', text: 'Where?' }),
      () => withActions({ type: 'locationRequest', text: '' }),
    ],
    [
      'coordinates.lat is 90.1; Zendesk takes -90 to 90',
      () => place(-90, 180),
      () => place(90.1, 0),
    ],
    ['coordinates.long is NaN', () => place(90, -180), () => place(0, NaN)],
    [
      'What send() sends has ',
      () => fit({ type: 'template', template: { a: long(98_900) } }),
      () => fit({ type: 'template', template: { a: long(99_000) } }),
    ],
  ])('throws: %s', (message, fitting, refused) => {
    expect(fitting).not.toThrow();
    expect(refused).toThrow(RangeError);
    expect(refused).toThrow(message);
    expect(refused).toThrow('Nothing of it was sent.');
  });

  it('is a file that is no picture, as a picture', () => {
    const open = (mediaType: string) => ({
      name: 'a',
      mediaType,
      url: async () => uri,
      isAt() {},
    });
    expect(() => fit({ type: 'image', mediaUrl: open('image/png') })).not.toThrow();
    expect(() => fit({ type: 'file', mediaUrl: open('application/pdf') })).not.toThrow();
    expect(() => fit({ type: 'image', mediaUrl: open('application/pdf') })).toThrow(
      'mediaUrl is application/pdf. Send what is no image as a file.',
    );
  });

  it('is a kind that there is not, wherever types did not look', () => {
    const odd = JSON.parse('{"type":"video"}');
    expect(() => fit(odd)).toThrow('type is “video”');
    expect(() => withActions({ ...link, ...odd })).toThrow('actions[0].type is “video”');
  });
});
