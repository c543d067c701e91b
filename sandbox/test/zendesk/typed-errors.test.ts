import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld } from '../support/start-world.ts';
import type { World } from '../support/start-world.ts';

let world: World;
let bot: ReturnType<World['install']>;
/** Ids that the addresses below name in braces. */
let ids: Record<string, string>;
beforeAll(async () => {
  world = await startWorld();
  bot = world.install();
  const { conversationId, userId } = world.control.createConversation({ account: 'acme' });
  const { body } = await bot.call('GET', `/users/${userId}/clients`);
  const clients = Array.isArray(body['clients']) ? body['clients'] : [];
  const other = await bot.call('POST', '/users', { externalId: 'other' });
  ids = {
    conversation: conversationId,
    user: userId,
    client: String(clients[0]?.id),
    other: String(other.body.user?.id),
  };
});
afterAll(() => world.close());

const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? name);

/** As the examples of the official description have them. */
const ERRORS: [call: string, body: unknown, status: number, code: string, title: string][] = [
  ['GET /users/nobody', undefined, 404, 'user_not_found', 'User not found'],
  ['POST /users', { externalId: 'other' }, 409, 'conflict', 'User already exists'],
  ['GET /conversations/none', undefined, 404, 'conversation_not_found', 'Conversation not found'],
  ['GET /conversations/none/messages', undefined, 404, 'not_found', 'Resource not found'],
  [
    'DELETE /conversations/none/messages',
    undefined,
    404,
    'conversation_not_found',
    'Conversation not found',
  ],
  [
    'DELETE /conversations/{conversation}',
    undefined,
    400,
    'bad_request',
    'Conversation {conversation} cannot be deleted because it is the default.',
  ],
  [
    'POST /conversations/{conversation}/leave',
    { userId: '{other}' },
    404,
    'not_found',
    'User is not a member of the conversation',
  ],
  [
    'DELETE /conversations/{conversation}/messages/none',
    undefined,
    404,
    'not_found',
    'Resource not found',
  ],
  ['GET /integrations/me/webhooks/none', undefined, 404, 'not_found', 'Resource not found'],
  [
    'GET /integrations/none/webhooks',
    undefined,
    404,
    'integration_not_found',
    'Integration not found',
  ],
  ['GET /users/{user}/devices/none', undefined, 404, 'device_not_found', 'Device not found'],
  ['DELETE /users/{user}/clients/none', undefined, 404, 'client_not_found', 'Client not found'],
  [
    'DELETE /users/{user}/clients/{client}',
    undefined,
    400,
    'bad_request',
    "Cannot remove a client of type 'sdk'",
  ],
  [
    'POST /attachments/remove',
    { mediaUrl: 'https://badhost.com/image.png' },
    400,
    'bad_request',
    'Unsupported media URL for attachment deletion: https://badhost.com/image.png',
  ],
  [
    'POST /attachments/remove',
    { mediaUrl: '{sandbox}/attachments/none' },
    404,
    'not_found',
    'Attachment not found',
  ],
  [
    'GET /conversations?filter[userId]={user}&page[size]=0',
    undefined,
    400,
    'bad_request',
    'Invalid page query parameters',
  ],
];

describe('a refusal is worded as Zendesk words it', () => {
  it.each(ERRORS)('of %s with %j: %i %s', async (call, body, status, code, title) => {
    ids['sandbox'] = world.url;
    const [method = '', path = ''] = fill(call).split(' ');
    const given = body === undefined ? undefined : JSON.parse(fill(JSON.stringify(body)));
    const answer = await bot.call(method, path, given);
    expect(answer.status).toBe(status);
    expect(answer.body.errors).toEqual([{ code, title: fill(title) }]);
  });
});
