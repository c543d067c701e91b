import { z } from 'zod';
import { contentRequest, metadata } from './zendesk-content-schemas.ts';

const displayName = z.string().min(1).max(100).nullable();
const icon = z.url().max(2048);
const nothing = z.union([z.undefined(), z.strictObject({})]);

const webhookBody = z.strictObject({
  target: z.url(),
  triggers: z.array(z.string()),
  includeFullUser: z.boolean().optional(),
  includeFullSource: z.boolean().optional(),
});

const conversationUpdate = z.strictObject({
  displayName: displayName.optional(),
  description: z.string().min(1).max(100).nullable().optional(),
  iconUrl: icon.nullable().optional(),
  metadata: metadata.optional(),
});

const participant = z.union([
  z.strictObject({ userId: z.string(), subscribeSDKClient: z.boolean().optional() }),
  z.strictObject({ userExternalId: z.string(), subscribeSDKClient: z.boolean().optional() }),
]);

const author = z.strictObject({
  type: z.enum(['business', 'user']),
  subtypes: z.array(z.literal('AI')).length(1).optional(),
  userId: z.string().optional(),
  userExternalId: z.string().optional(),
  brandId: z.string().min(1).max(24).nullable().optional(),
  displayName: z.string().max(100).optional(),
  avatarUrl: icon.optional(),
});

const control = z.strictObject({
  switchboardIntegration: z.string(),
  metadata: metadata.optional(),
});
const controlWithoutTarget = z.union([
  z.undefined(),
  z.strictObject({ metadata: metadata.optional() }),
]);

/** The body each call may have, by operation id. */
export const requestSchemas = {
  GetToken: z.strictObject({
    code: z.string(),
    grant_type: z.literal('authorization_code'),
    client_id: z.string(),
    client_secret: z.string(),
  }),
  GetTokenInfo: nothing,
  RevokeAccess: nothing,
  CreateWebhook: webhookBody,
  ListWebhooks: nothing,
  GetWebhook: nothing,
  UpdateWebhook: webhookBody.partial(),
  DeleteWebhook: nothing,
  CreateUser: z.strictObject({
    externalId: z.string().min(1).max(1024).optional(),
    brandId: z.string().min(1).max(24).nullable().optional(),
    signedUpAt: z.string().optional(),
    toBeRetained: z.boolean().optional(),
    profile: z
      .strictObject({
        givenName: z.string().max(128).nullable().optional(),
        surname: z.string().max(128).nullable().optional(),
        email: z.email().max(128).nullable().optional(),
        avatarUrl: icon.nullable().optional(),
        locale: z.string().max(64).nullable().optional(),
      })
      .optional(),
    metadata: metadata.optional(),
  }),
  GetUser: nothing,
  CreateConversation: conversationUpdate.extend({
    type: z.enum(['personal', 'sdkGroup']),
    participants: z.array(participant).max(10).optional(),
  }),
  ListConversations: nothing,
  GetConversation: nothing,
  UpdateConversation: conversationUpdate,
  PostMessage: z.strictObject({
    author,
    content: contentRequest,
    destination: z
      .union([
        z.strictObject({ integrationId: z.string() }),
        z.strictObject({ integrationType: z.string() }),
      ])
      .optional(),
    metadata: metadata.optional(),
    override: z.looseObject({}).optional(),
    schema: z.string().optional(),
  }),
  ListMessages: nothing,
  PostActivity: z.strictObject({
    author,
    type: z.enum(['conversation:read', 'typing:start', 'typing:stop']),
  }),
  PassControl: control,
  OfferControl: control,
  AcceptControl: controlWithoutTarget,
  ReleaseControl: controlWithoutTarget,
  /** Multipart, so there is no JSON to check. */
  UploadAttachment: z.unknown(),
};
