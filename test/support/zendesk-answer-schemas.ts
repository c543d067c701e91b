import { z } from 'zod';
import { contentAnswer, metadata } from './zendesk-content-schemas.ts';

const id = z.string().regex(/^[0-9a-f]{24}$/);
const time = z.iso.datetime();
const empty = z.strictObject({});

const page = {
  meta: z.strictObject({
    hasMore: z.boolean(),
    afterCursor: z.string().optional(),
    beforeCursor: z.string().optional(),
  }),
  links: z.strictObject({ prev: z.url().optional(), next: z.url().optional() }),
};

const webhook = z.strictObject({
  id,
  version: z.enum(['v1', 'v1.1', 'v2']),
  target: z.string(),
  triggers: z.array(z.string()),
  secret: z.string().min(1),
  includeFullUser: z.boolean(),
  includeFullSource: z.boolean(),
});

export const switchboardIntegration = z.strictObject({
  id,
  name: z.string(),
  integrationId: id,
  integrationType: z.string(),
});

const conversation = z.strictObject({
  id,
  type: z.enum(['personal', 'sdkGroup']),
  metadata: metadata.optional(),
  activeSwitchboardIntegration: switchboardIntegration.optional(),
  pendingSwitchboardIntegration: switchboardIntegration.optional(),
  isDefault: z.boolean(),
  displayName: z.string().max(100).optional(),
  description: z.string().max(100).optional(),
  iconUrl: z.string().optional(),
  businessLastRead: time.optional(),
  lastUpdatedAt: time,
  createdAt: time,
});

const user = z.strictObject({
  id,
  authenticated: z.boolean(),
  externalId: z.string().optional(),
  zendeskId: z.string().optional(),
  brandId: z.string().optional(),
  signedUpAt: z.string().optional(),
  toBeRetained: z.boolean().optional(),
  profile: z.looseObject({}),
  metadata: metadata,
  identities: z.array(z.looseObject({ type: z.string(), value: z.string() })),
});

const message = z.strictObject({
  id,
  received: time,
  author: z.strictObject({
    type: z.enum(['business', 'user']),
    subtypes: z.array(z.enum(['AI', 'activity', 'agent', 'bot'])).optional(),
    userId: id.optional(),
    displayName: z.string().optional(),
    avatarUrl: z.string().optional(),
  }),
  content: contentAnswer,
  source: z.strictObject({ type: z.string(), integrationId: z.string().nullable().optional() }),
  metadata: metadata.optional(),
});

const app = z.strictObject({
  id,
  displayName: z.string().max(100),
  settings: z.strictObject({
    conversationRetentionSeconds: z.int().min(0).optional(),
    maskCreditCardNumbers: z.boolean().optional(),
    useAnimalNames: z.boolean().optional(),
    echoPostback: z.boolean().optional(),
    ignoreAutoConversationStart: z.boolean().optional(),
    multiConvoEnabled: z.boolean().optional(),
    appLocalizationEnabled: z.boolean().optional(),
  }),
  metadata,
  subdomain: z.string().optional(),
});

/** The successful answer of each call, by operation id: its status and its body. */
export const answerSchemas = {
  GetToken: [200, z.strictObject({ access_token: z.string(), token_type: z.literal('Bearer') })],
  GetTokenInfo: [200, z.strictObject({ app })],
  RevokeAccess: [200, empty],
  CreateWebhook: [201, z.strictObject({ webhook })],
  ListWebhooks: [200, z.strictObject({ webhooks: z.array(webhook) })],
  GetWebhook: [200, z.strictObject({ webhook })],
  UpdateWebhook: [200, z.strictObject({ webhook })],
  DeleteWebhook: [200, empty],
  CreateUser: [201, z.strictObject({ user })],
  GetUser: [200, z.strictObject({ user })],
  CreateConversation: [201, z.strictObject({ conversation })],
  ListConversations: [200, z.strictObject({ conversations: z.array(conversation), ...page })],
  GetConversation: [200, z.strictObject({ conversation })],
  UpdateConversation: [200, z.strictObject({ conversation })],
  PostMessage: [201, z.strictObject({ messages: z.array(message) })],
  ListMessages: [200, z.strictObject({ messages: z.array(message), ...page })],
  PostActivity: [200, empty],
  PassControl: [200, empty],
  OfferControl: [200, empty],
  AcceptControl: [200, empty],
  ReleaseControl: [200, empty],
  UploadAttachment: [
    201,
    z.strictObject({
      attachment: z.strictObject({ mediaUrl: z.url(), mediaType: z.string() }),
    }),
  ],
} as const;

export const errorAnswer = z.strictObject({
  errors: z.array(z.strictObject({ code: z.string(), title: z.string() })).min(1),
});
