import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { CLIENT_ID, startWorld } from '../../sandbox/test/support/start-world.ts';
import type { World } from '../../sandbox/test/support/start-world.ts';
import { checkRecordedCalls } from '../support/openapi/check.ts';

type Call = (
  className: string,
  name: string,
  given: unknown[],
) => Promise<{ status: number; body: Record<string, unknown> }>;
const Client = z.object({
  open: z.custom<(basePath: string, token: string) => { call: Call }>(
    (value) => typeof value === 'function',
  ),
});
const file = pathToFileURL(join(inject('clientsFolder'), 'clients/zendesk.js')).href;
const { open } = Client.parse(await import(/* @vite-ignore */ file));

const HOOK = { target: '', triggers: ['conversation:message'] };
const TEXT = { author: { type: 'business' }, content: { type: 'text', text: 'Hello' } };
const PHONE = '+1 212-555-2368';

/**
 * Every function the client has for what an access token of an integration may call, in an order in which
 * each finds what it needs. Words in braces are what earlier answers named so.
 */
const WALK: [
  className: string,
  name: string,
  given: unknown[],
  keep?: [name: string, ...path: string[]],
][] = [
  ['WebhooksApi', 'createWebhook', ['me', HOOK], ['webhook', 'webhook', 'id']],
  ['WebhooksApi', 'listWebhooks', ['me']],
  ['WebhooksApi', 'getWebhook', ['me', '{webhook}']],
  ['WebhooksApi', 'updateWebhook', ['me', '{webhook}', { includeFullUser: true }]],
  [
    'UsersApi',
    'createUser',
    [{ externalId: 'jane', profile: { givenName: 'Jane' } }],
    ['user', 'user', 'id'],
  ],
  ['UsersApi', 'getUser', ['jane']],
  ['UsersApi', 'updateUser', ['{user}', { metadata: { tier: 'gold' } }]],
  [
    'ConversationsApi',
    'createConversation',
    [{ type: 'sdkGroup', participants: [{ userId: '{user}', subscribeSDKClient: false }] }],
    ['conversation', 'conversation', 'id'],
  ],
  ['ConversationsApi', 'getConversation', ['{conversation}']],
  ['ConversationsApi', 'listConversations', [{ userId: '{user}' }, {}]],
  ['ConversationsApi', 'updateConversation', ['{conversation}', { displayName: 'Tents' }]],
  ['UsersApi', 'createUser', [{ externalId: 'john' }], ['friend', 'user', 'id']],
  [
    'ParticipantsApi',
    'joinConversation',
    ['{conversation}', { userId: '{friend}', subscribeSDKClient: false }],
  ],
  ['ParticipantsApi', 'listParticipants', ['{conversation}', {}]],
  ['ParticipantsApi', 'leaveConversation', ['{conversation}', { userId: '{friend}' }]],
  ['MessagesApi', 'postMessage', ['{conversation}', TEXT], ['message', 'messages', '0', 'id']],
  ['MessagesApi', 'listMessages', ['{conversation}', {}]],
  [
    'ActivitiesApi',
    'postActivity',
    ['{conversation}', { author: { type: 'business' }, type: 'typing:start' }],
  ],
  [
    'AttachmentsApi',
    'uploadAttachment',
    ['public', Buffer.from('a file'), {}],
    ['file', 'attachment', 'mediaUrl'],
  ],
  ['AttachmentsApi', 'deleteAttachment', [{ mediaUrl: '{file}' }]],
  ['MessagesApi', 'deleteMessage', ['{conversation}', '{message}']],
  ['MessagesApi', 'deleteAllMessages', ['{conversation}']],
  [
    'ClientsApi',
    'createClient',
    [
      '{user}',
      {
        matchCriteria: { type: 'whatsapp', integrationId: '{whatsapp}', phoneNumber: PHONE },
        confirmation: { type: 'immediate' },
        target: { conversationId: '{conversation}' },
      },
    ],
    ['client', 'client', 'id'],
  ],
  ['ClientsApi', 'listClients', ['{user}', {}]],
  ['ClientsApi', 'removeClient', ['{user}', '{client}']],
  ['DevicesApi', 'listDevices', ['{customer}'], ['device', 'devices', '0', 'id']],
  ['DevicesApi', 'getDevice', ['{customer}', '{device}']],
  ['SwitchboardActionsApi', 'offerControl', ['{offered}', { switchboardIntegration: CLIENT_ID }]],
  [
    'SwitchboardActionsApi',
    'passControl',
    ['{chat}', { switchboardIntegration: 'zd:agentWorkspace' }],
  ],
  ['SwitchboardActionsApi', 'acceptControl', ['{offered}', {}]],
  ['SwitchboardActionsApi', 'releaseControl', ['{offered}']],
  ['ConversationsApi', 'deleteConversation', ['{conversation}']],
  ['UsersApi', 'deleteUserPersonalInformation', ['{friend}']],
  ['UsersApi', 'deleteUser', ['{friend}']],
  ['WebhooksApi', 'deleteWebhook', ['me', '{webhook}']],
  ['OAuthEndpointsApi', 'revokeAccess', []],
];

describe("Zendesk's own client", () => {
  let world: World;
  let call: Call;
  const kept: Record<string, string> = {};

  beforeAll(async () => {
    world = await startWorld();
    const { control } = world;
    HOOK.target = `${world.receiver.url}/webhooks/1`;
    const bot = world.install();
    ({ call } = open(world.url + bot.host, bot.token));
    const jane = control.createConversation({ account: 'acme' });
    const other = control.createConversation({ account: 'acme' });
    control.setActive(other.conversationId, 'zd-agentWorkspace');
    const account = control.accounts().find(({ slug }) => slug === 'acme');
    Object.assign(kept, {
      app: bot.appId,
      chat: jane.conversationId,
      customer: jane.userId,
      offered: other.conversationId,
      whatsapp: account?.whatsappIntegrationId,
    });
  });
  afterAll(() => world.close());

  const fill = (given: unknown): unknown => {
    if (typeof given === 'string')
      return given.replace(/\{(\w+)\}/g, (_, name: string) => kept[name] ?? '');
    if (typeof given !== 'object' || given === null || Buffer.isBuffer(given)) return given;
    if (Array.isArray(given)) return given.map(fill);
    return Object.fromEntries(Object.entries(given).map(([name, one]) => [name, fill(one)]));
  };

  it.each(WALK)('%s.%s is answered as it expects', async (className, name, given, keep) => {
    const ofApp = name === 'revokeAccess' ? [] : [kept['app']];
    const { status, body } = await call(className, name, [...ofApp, ...given.map(fill)]);
    expect(status).toBeLessThan(300);
    if (keep === undefined) return;
    const [as, ...path] = keep;
    const found = path.reduce((one: unknown, key) => Object(one)[key], body);
    kept[as] = z.string().parse(found);
  });

  it('has called what it can, and all of it fits the official description', () => {
    const names = new Set(world.control.calls.map(({ operation }) => operation.toLowerCase()));
    expect([...names].toSorted()).toEqual(
      [...new Set(WALK.map(([, name]) => name.toLowerCase()))].toSorted(),
    );
    checkRecordedCalls(world.control.calls);
  });
});
