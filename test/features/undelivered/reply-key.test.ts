import { describe, expect, it } from 'vitest';
import { readReplyKey } from '../../../server/features/undelivered/report.ts';

describe('the key of a reply', () => {
  it.each([
    ['event:0', { eventId: 'event', about: undefined, number: 1 }],
    ['shopkeeper:wake:7:2', { eventId: 'shopkeeper:wake:7', about: undefined, number: 3 }],
    ['event:given-up:0', { eventId: 'event', about: 'given-up', number: 1 }],
    [
      'shopkeeper:wake:7:given-up:0',
      { eventId: 'shopkeeper:wake:7', about: 'given-up', number: 1 },
    ],
    ['event:undelivered:1', { eventId: 'event', about: 'undelivered', number: 2 }],
    ['event', undefined],
    [':0', undefined],
    [7, undefined],
    [undefined, undefined],
  ])('%j is read', (shopkeeperReply, expected) => {
    expect(readReplyKey({ shopkeeperReply })).toEqual(expected);
  });
});
