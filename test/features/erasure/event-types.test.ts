import { expect, it } from 'vitest';
import { erasure } from '../../../server/features/erasure/index.ts';
import { readEvents, toRows } from '../../../server/inbox/receive/envelope.ts';
import { collectEventTypes, listTriggers } from '../../../server/inbox/event-types.ts';

const user = { id: 'user', externalId: null, profile: { givenName: 'Jane' } };
const eventTypes = collectEventTypes([erasure]);
const rowsOf = (events: object[]) => {
  const read = readEvents(JSON.stringify({ events }));
  return toRows('installation', read, { keepIgnored: false, eventTypes });
};

it('of who was deleted or merged the ids alone are stored, and wait for no conversation', () => {
  const rows = rowsOf([
    { id: '1', type: 'user:remove', createdAt: 'now', payload: { user }, new: true },
    {
      id: '2',
      type: 'user:merge',
      payload: {
        mergedUsers: { surviving: user, discarded: { ...user, id: 'b' } },
        mergedConversations: null,
        reason: 'api',
      },
    },
    { id: '3', type: 'conversation:remove', payload: { conversation: { id: 'c', metadata: {} } } },
  ]);
  expect(rows.map(({ state, payload }) => [state, JSON.parse(payload ?? '')])).toEqual([
    ['waiting', { id: '1', type: 'user:remove', payload: { user: { id: 'user' } } }],
    [
      'waiting',
      {
        id: '2',
        type: 'user:merge',
        payload: {
          mergedUsers: { surviving: { id: 'user' }, discarded: { id: 'b' } },
          mergedConversations: null,
        },
      },
    ],
    ['waiting', { id: '3', type: 'conversation:remove', payload: { conversation: { id: 'c' } } }],
  ]);
  expect(rows.map(({ conversation_key: key }) => key)).toEqual(
    ['1', '2', '3'].map((id) => `installation/${id}`),
  );
});

it('an id with U+0000 is none that could be stored', () => {
  const { 'user:remove': type } = eventTypes;
  expect(type && 'keep' in type && type.keep?.({ user: { id: 'a\u0000' } })).toBeUndefined();
});

it('the webhook subscribes to these types with the feature, and without it they are left alone', () => {
  const types = ['user:remove', 'user:merge', 'conversation:remove'];
  expect(listTriggers(eventTypes)).toEqual(expect.arrayContaining(types));
  for (const type of types) expect(listTriggers({})).not.toContain(type);
  const read = readEvents(
    JSON.stringify({ events: [{ id: '1', type: types[0], payload: { user } }] }),
  );
  expect(toRows('installation', read, { keepIgnored: false, eventTypes: {} })).toMatchObject([
    { state: 'ignored', payload: null },
  ]);
});
