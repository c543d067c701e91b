import { describe, expect, it } from 'vitest';
import { Envelope, toRows } from '../../server/inbox/envelope.ts';

const payload = { conversation: { id: 'conversation' } };
const event = { id: 'event', type: 'conversation:message', payload };

const accepts = (body: unknown) => Envelope.safeParse(body).success;

describe('the envelope', () => {
  it('is a list of events; whatever else it holds does no harm', () => {
    expect(accepts({ events: [event] })).toBe(true);
    expect(accepts({ app: 1, webhook: null, new: [], events: [{ ...event, new: true }] })).toBe(
      true,
    );
    expect(accepts({ events: [] })).toBe(true);
    expect(accepts({ events: [{ id: 'a', type: 'a' }] })).toBe(true);
    expect(accepts({ events: [{ id: 'a', type: 'a', payload: null }] })).toBe(true);
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

describe('the rows of a delivery', () => {
  const rowsOf = (events: object[], keepIgnored = false) =>
    toRows('installation', Envelope.parse({ events }).events, { keepIgnored });
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
    ['of a type nothing is done about yet', { ...event, type: 'switchboard:offerControl' }],
    ['that came from the business side', business],
  ])('hold nothing of what an event says %s, unless that is asked for', (_name, ignored) => {
    expect(rowsOf([ignored])).toMatchObject([{ state: 'ignored', payload: null }]);
    expect(rowsOf([ignored], true)).toMatchObject([
      { state: 'ignored', payload: JSON.stringify(ignored) },
    ]);
  });

  it('hold the ids alone of who was deleted, and wait for no conversation', () => {
    const user = { id: 'user', profile: { givenName: 'Jane' } };
    const [removal, merge, conversation] = rowsOf([
      { id: '1', type: 'user:remove', payload: { user } },
      {
        id: '2',
        type: 'user:merge',
        payload: { mergedUsers: { surviving: user, discarded: { ...user, id: 'b' } } },
      },
      { id: '3', type: 'conversation:remove', payload },
    ]);
    expect(JSON.parse(removal?.payload ?? '')).toEqual({
      id: '1',
      type: 'user:remove',
      payload: { user: { id: 'user' } },
    });
    expect(merge?.payload).not.toContain('Jane');
    expect(conversation?.conversation_key).toBe('installation/3');
  });

  it('without a conversation wait for nobody', () => {
    const [first, second] = rowsOf([
      { id: '1', type: 'user:remove' },
      { id: '2', type: 'user:remove', payload: { user: { id: 'user' } } },
    ]);
    expect([first?.conversation_key, second?.conversation_key]).toEqual([
      'installation/1',
      'installation/2',
    ]);
  });
});
