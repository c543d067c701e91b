import { describe, expect, it } from 'vitest';
import {
  endsConversation,
  isTrigger,
  parseEvent,
  readChannel,
  TRIGGERS,
} from '../../server/zendesk/events.ts';

const conversation = { id: 'conversation', brandId: 'new', metadata: { a: 1 } };
const message = {
  id: 'message',
  received: '2026-01-01T00:00:00.000Z',
  author: { type: 'user', userId: 'user', avatarUrl: 'https://example.com', subtypes: ['AI'] },
  content: { type: 'text', text: 'Hi', blockChatInput: true, htmlText: null },
};
const payloads: Record<string, object> = {
  'conversation:message': { conversation, message, recentNotifications: [] },
  'conversation:postback': { conversation, postback: { payload: 'a', metadata: {} } },
  'conversation:create': {
    conversation,
    creationReason: 'a reason of next year',
    source: { type: 'web', campaign: 'summer' },
    referral: { details: { source: 1, new: true } },
  },
  'switchboard:passControl': { conversation, reason: 'ticketClosed' },
  'switchboard:passControl:failure': { conversation, error: { code: 'x', message: 'y', z: 1 } },
  'switchboard:releaseControl': { conversation, metadata: {} },
  'switchboard:offerControl': {
    conversation: { ...conversation, pendingSwitchboardIntegration: null },
  },
  'conversation:message:delivery:failure': {
    conversation,
    user: { id: 'user', authenticated: false },
    destination: { type: 'twilio', integrationId: '1' },
    message: { id: 'message' },
    isFinalEvent: true,
    error: { code: 'uncategorized_error', message: 'Unsupported message type `form`', more: {} },
  },
};

describe('an event', () => {
  it.each(TRIGGERS)('of type %s is read whatever fields the platform adds', (type) => {
    const event = { id: 'event', createdAt: 'now', type, payload: payloads[type], new: true };
    expect(parseEvent(event)?.type).toBe(type);
    expect(isTrigger(type)).toBe(true);
  });

  it.each([
    ['is left out', {}, undefined],
    ['is null', { activeSwitchboardIntegration: null }, null],
    ['has only an id', { activeSwitchboardIntegration: { id: '1' } }, { id: '1' }],
  ])('is read when the active integration %s', (_name, part, active) => {
    const parsed = parseEvent({
      type: 'switchboard:passControl',
      payload: { conversation: { id: 'c', ...part } },
    });
    if (parsed?.type !== 'switchboard:passControl') throw new Error('Another type was read');
    expect(parsed.payload.conversation.activeSwitchboardIntegration).toEqual(active);
  });

  it.each([
    ['says its type', { type: 'ios' }, 'ios'],
    ['does not say its type, which it need not', { integrationId: '1' }, undefined],
    ['has none', { type: null }, undefined],
    ['is of another shape', 'web', undefined],
  ])('is read when the source %s', (_name, source, channel) => {
    const payload = { conversation, message: { ...message, source }, user: { id: 'u' }, source };
    for (const type of ['conversation:message', 'conversation:create']) {
      const parsed = parseEvent({ type, payload });
      expect(parsed && readChannel(parsed)).toBe(channel);
      expect(parsed?.type).toBe(type);
    }
  });

  it.each([
    ['no payload', { type: 'conversation:message' }],
    ['no conversation', { type: 'conversation:message', payload: { message } }],
    [
      'no author',
      { type: 'conversation:message', payload: { conversation, message: { id: '1' } } },
    ],
    ['a type we do not know', { type: 'conversation:typing', payload: { conversation } }],
    ['nothing at all', null],
    [
      'U+0000 in an id',
      { type: 'conversation:create', payload: { conversation: { id: 'a\u0000' } } },
    ],
  ])('with %s is refused', (_name, stored) => {
    expect(parseEvent(stored)).toBeUndefined();
  });

  it.each(['conversation:typing', 'Conversation:Message', 'toString', ''])(
    'type %j is none of ours',
    (type) => {
      expect(isTrigger(type)).toBe(false);
    },
  );
});

describe('the end of a conversation by the customer', () => {
  it.each([
    ['says so', { activity: { type: 'conversation:endedByUser', data: {} } }, true],
    ['is another activity', { activity: { type: 'ticket:closed' } }, false],
    ['has an activity of another shape', { activity: 'conversation:endedByUser' }, false],
    ['has an activity without a type', { activity: {} }, false],
    ['has null for one', { activity: null }, false],
    ['has none', {}, false],
    ['is not there', undefined, false],
  ])('is read where a message %s', (_name, said, expected) => {
    expect(endsConversation(said)).toBe(expected);
  });
});
