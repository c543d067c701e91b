import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { zendeskJob } from '../../../server/features/shared/zendesk-job.ts';
import { MAX_EVENTS, readEvents, toRows } from '../../../server/inbox/receive/envelope.ts';

const payload = { conversation: { id: 'conversation' } };
const event = { id: 'event', type: 'conversation:message', payload };

function accepts(body: unknown): boolean {
  try {
    readEvents(JSON.stringify(body) ?? '');
    return true;
  } catch {
    return false;
  }
}

describe('the envelope', () => {
  it('is a list of events; whatever else it holds does no harm', () => {
    expect(accepts({ events: [event] })).toBe(true);
    expect(accepts({ app: 1, webhook: null, new: [], events: [{ ...event, new: true }] })).toBe(
      true,
    );
    expect(accepts({ events: [] })).toBe(true);
    expect(accepts({ events: [{ id: 'a', type: 'a' }] })).toBe(true);
    expect(accepts({ events: [{ id: 'a', type: 'a', payload: null }] })).toBe(true);
    const message = { author: { displayName: 'Ana' } };
    expect(accepts({ events: [{ ...event, payload: { ...payload, message } }] })).toBe(true);
  });

  it.each([
    ['nothing', undefined],
    ['a list', [event]],
    ['no events', {}],
    ['events that are no list', { events: event }],
    ['an event that is none', { events: [null] }],
  ])('is not %s', (_name, body) => expect(accepts(body)).toBe(false));

  it.each([
    ['missing', undefined],
    ['empty', ''],
    ['a number', 1],
    ['an object', { $ne: null }],
    ['of 201 characters', 'a'.repeat(201)],
    ['with NUL', 'a\u0000b'],
    ['with half a surrogate pair', 'a\ud83d'],
  ])('is refused with an id that is %s', (_name, id) => {
    expect(accepts({ events: [event, { ...event, id }] })).toBe(false);
    expect(accepts({ events: [{ ...event, type: id }] })).toBe(false);
    expect(accepts({ events: [{ ...event, payload: { conversation: { id } } }] })).toBe(false);
  });
});

describe('what a delivery may have us read', () => {
  const listOf = (length: number) => ({ events: Array.from({ length }, () => event) });
  const nested = (depth: number) =>
    JSON.stringify({ events: [event], deep: '#' }).replace(
      '"#"',
      '['.repeat(depth - 1) + ']'.repeat(depth - 1),
    );

  it('are at most a hundred events', () => {
    expect(readEvents(JSON.stringify(listOf(MAX_EVENTS)))).toHaveLength(MAX_EVENTS);
    expect(() => readEvents(JSON.stringify(listOf(MAX_EVENTS + 1)))).toThrow(
      expect.objectContaining({ status: 413, message: 'At most 100 events per delivery.' }),
    );
  });

  it('ends with the first event that is none, and names it', () => {
    const body = { events: [event, { ...event, type: 7 }, ...Array(98).fill(0)] };
    expect(() => readEvents(JSON.stringify(body))).toThrow(
      expect.objectContaining({ status: 400, message: 'Event 1 cannot be read: type.' }),
    );
    expect(() => readEvents('{"events":[0,0]}')).toThrow('Event 0 cannot be read: no object.');
  });

  it('are a hundred levels of nesting, not counting brackets in strings', () => {
    expect(readEvents(nested(100))).toHaveLength(1);
    expect(() => readEvents(nested(101))).toThrow(
      expect.objectContaining({ status: 400, message: 'The delivery is nested too deeply.' }),
    );
    const text = `\\"${'['.repeat(200)}\\`;
    expect(readEvents(JSON.stringify({ events: [{ ...event, text }] }))).toHaveLength(1);
    expect(() => readEvents('['.repeat(1_000_000))).toThrow('nested too deeply');
  });
});

describe('the rows of a delivery', () => {
  const schema = z.object({ user: z.object({ id: z.string() }) });
  const run = () => Promise.reject(new Error('Nothing is run here.'));
  const eventTypes = {
    'user:update': zendeskJob('A customer was changed', schema, run),
    'shopkeeper:made-up': { title: 'Made up', run },
  };
  const rowsOf = (events: object[], keepIgnored = false) =>
    toRows('installation', readEvents(JSON.stringify({ events })), { keepIgnored, eventTypes });
  const business = {
    ...event,
    id: 'echo',
    payload: { ...payload, message: { author: { type: 'business' }, content: { text: 'words' } } },
  };

  it('are one per event, in order, with the whole event as their payload', () => {
    const second = { ...event, id: 'second', unknown: { deep: ['\u0000', '\ud83d'] } };
    const rows = rowsOf([event, second]);
    expect(rows.map(({ event_id }) => event_id)).toEqual(['event', 'second']);
    expect(rows[0]).toMatchObject({
      installation_id: 'installation',
      conversation_key: 'installation/conversation',
      state: 'waiting',
      note: null,
    });
    expect(JSON.parse(rows[1]?.payload ?? '')).toEqual(second);
  });

  it('are kept as ignored when we do not know the type', () => {
    expect(rowsOf([{ ...event, type: 'conversation:typing' }])).toMatchObject([
      { type: 'conversation:typing', state: 'ignored', note: expect.stringContaining('Not an') },
    ]);
  });

  it.each([
    ['of a type we do not know', { ...event, type: 'conversation:typing' }],
    ['that came from the business side', business],
  ])('hold nothing of what an event says %s, unless that is asked for', (_name, ignored) => {
    expect(rowsOf([ignored])).toMatchObject([
      { state: 'ignored', payload: null, conversation_key: `installation/${ignored.id}` },
    ]);
    expect(rowsOf([ignored], true)).toMatchObject([
      { state: 'ignored', payload: JSON.stringify(ignored) },
    ]);
  });

  it('wait where the customer ended the conversation, whoever Zendesk says wrote it', () => {
    const activity = { type: 'conversation:endedByUser' };
    for (const type of ['business', 'user']) {
      const ended = { ...event, payload: { ...payload, message: { author: { type }, activity } } };
      expect(rowsOf([ended])).toMatchObject([
        { state: 'waiting', note: null, payload: JSON.stringify(ended) },
      ]);
    }
  });

  it('of a job that Zendesk gives hold what is read of it, and wait for no conversation', () => {
    const user = { id: 'user', profile: { givenName: 'Jane' } };
    const [update, odd] = rowsOf([
      { id: '1', type: 'user:update', payload: { ...payload, user } },
      { id: '2', type: 'user:update', payload: { ...payload, user: 'Jane' } },
    ]);
    expect(update).toMatchObject({ state: 'waiting', conversation_key: 'installation/1' });
    expect(JSON.parse(update?.payload ?? '')).toEqual({
      id: '1',
      type: 'user:update',
      payload: { user: { id: 'user' } },
    });
    // What is not understood is kept, for whoever looks why it failed.
    expect(odd?.payload).toContain('Jane');
  });

  it('without a conversation wait for nobody', () => {
    const [first, second] = rowsOf([
      { id: '1', type: 'conversation:create' },
      { id: '2', type: 'user:update', payload: { user: { id: 'user' } } },
    ]);
    expect([first?.conversation_key, second?.conversation_key]).toEqual([
      'installation/1',
      'installation/2',
    ]);
  });

  it('of the type of one of our own jobs are none', () => {
    expect(rowsOf([{ ...event, type: 'shopkeeper:made-up' }])).toMatchObject([
      { state: 'ignored', payload: null },
    ]);
  });

  it('have no id that one of our own jobs could have, nor one that another event gets for that', () => {
    const ids = ['shopkeeper:check-removal', 'zendesk:shopkeeper:check-removal', 'shopkeeper'];
    const rows = rowsOf(ids.map((id) => ({ ...event, id })));
    expect(rows.map(({ event_id }) => event_id)).toEqual([
      'zendesk:shopkeeper:check-removal',
      'zendesk:zendesk:shopkeeper:check-removal',
      'shopkeeper',
    ]);
  });
});
