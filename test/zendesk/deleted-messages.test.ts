import { expect, it } from 'vitest';
import { conversationCalls } from '../../server/zendesk/conversations.ts';
import { parseEvent } from '../../server/zendesk/events.ts';

/** As the description has it, which asks for none of its parts (OpenAPI message). */
const placeholder = {
  id: 'gone',
  received: '2026-11-30T10:00:00.000Z',
  author: { type: 'user', userId: 'jane' },
  source: { type: 'web' },
  deleted: true,
};

it('messages are read also where the place of one that was deleted is among them', async () => {
  const said = {
    ...placeholder,
    id: 'said',
    deleted: false,
    content: { type: 'text', text: 'Hi' },
  };
  const body = { messages: [placeholder, said], meta: { hasMore: false } };
  const calls = conversationCalls(async (_operation, _method, _path, schema) => schema.parse(body));
  const { messages } = await calls.listMessages('one');
  expect(messages).toMatchObject([{ id: 'gone', deleted: true }, { content: { text: 'Hi' } }]);
});

it('an event of a message that was deleted meanwhile is understood', () => {
  const payload = { conversation: { id: 'one' }, message: placeholder };
  const event = parseEvent({ id: 'e', type: 'conversation:message', payload });
  expect(event?.payload).toMatchObject({ message: { deleted: true } });
});
