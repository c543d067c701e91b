import { z } from 'zod';
import { metadataSchema, webAddress } from './values.ts';

export const profileSchema = z.strictObject({
  givenName: z.string().min(1).max(128).nullish(),
  surname: z.string().min(1).max(128).nullish(),
  email: z.email().max(128).nullish(),
  avatarUrl: webAddress.nullish(),
  locale: z.string().min(1).max(64).nullish(),
});

/** A customer of an account. */
export const userSchema = z.object({
  id: z.string(),
  account: z.string(),
  authenticated: z.boolean(),
  externalId: z.string().optional(),
  brandId: z.string().nullish(),
  /** Their record in Zendesk Support, once they have signed in. */
  zendeskId: z.string().optional(),
  /** Proven: by signing in, or from Zendesk Support. */
  email: z.string().optional(),
  signedUpAt: z.string().optional(),
  toBeRetained: z.boolean().optional(),
  profile: profileSchema.optional(),
  metadata: metadataSchema.optional(),
  /** The Messenger cookies of the browsers this customer chats from. */
  browserKeys: z.array(z.string()).optional(),
});

/** How a customer is reached on a channel; `sdk` is the chat window of a website. */
export const channelClientSchema = z.object({
  id: z.string(),
  account: z.string(),
  userId: z.string(),
  type: z.enum(['sdk', 'whatsapp']),
  status: z.enum(['active', 'blocked', 'inactive', 'pending']),
  integrationId: z.string().optional(),
  /** On WhatsApp the phone number, as digits. */
  externalId: z.string().optional(),
  displayName: z.string().optional(),
  avatarUrl: z.string().optional(),
  lastSeen: z.string().optional(),
  linkedAt: z.string().optional(),
  info: z.record(z.string(), z.unknown()).optional(),
  /** While it is pending: what it will be added to, and what it waits for. */
  link: z
    .object({
      conversationId: z.string(),
      isPrimary: z.boolean(),
      confirmation: z.enum(['immediate', 'userActivity', 'prompt']),
    })
    .optional(),
});

/** A person as Zendesk Support knows them. */
export const supportUserSchema = z.object({
  id: z.string(),
  account: z.string(),
  givenName: z.string(),
  surname: z.string().optional(),
  externalId: z.string().optional(),
  email: z.string().optional(),
});

export const participantSchema = z.object({
  id: z.string(),
  userId: z.string(),
  /** Of channel clients, the one used last first: that is where messages are delivered. */
  clientIds: z.array(z.string()),
  lastRead: z.string().optional(),
});

export type User = z.infer<typeof userSchema>;
export type ChannelClient = z.infer<typeof channelClientSchema>;
export type SupportUser = z.infer<typeof supportUserSchema>;
export type Participant = z.infer<typeof participantSchema>;
