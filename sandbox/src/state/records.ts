import { z } from 'zod';
import { contentSchema } from './content.ts';
import { channelClientSchema, participantSchema, supportUserSchema, userSchema } from './people.ts';
import { registeredAppSchema } from './registered-app.ts';
import { metadataSchema } from './values.ts';

const accountSchema = z.object({
  /** Names it for good, also in the addresses of the sandbox's pages. */
  slug: z.string(),
  /** After it was renamed: where its API is. */
  subdomain: z.string().optional(),
  displayName: z.string(),
  appId: z.string(),
  /** A legacy account has no subdomain: tokenInfo leaves it out and the API lives under /legacy. */
  legacy: z.boolean(),
  /** The bot that gets new conversations; null: the agent workspace gets them. */
  assignedInstallationId: z.string().nullable(),
  agentWorkspace: z.object({ switchboardIntegrationId: z.string(), integrationId: z.string() }),
  webIntegrationId: z.string(),
  whatsappIntegrationId: z.string(),
  /** Whether only the account's integrations and its own pages may read files. */
  hasPrivateAttachments: z.boolean(),
  /**
   * What happens to control when a customer ends the session: Zendesk releases it, or the bot in control
   * has to (help 10046732687770).
   */
  controlSetting: z.enum(['conversational', 'release']),
  /** Whether the Messenger offers customers to end their sessions. */
  customersMayEnd: z.boolean(),
});

/** A marketplace bot, as Zendesk's own registry of OAuth clients has it. */
const clientSchema = registeredAppSchema.extend({
  /** Where an administrator begins to install it; absent: on its front page. */
  installUrl: z.string().optional(),
  /** Empty: none. */
  removeUrl: z.string(),
  configurationUrl: z.string(),
  /** Why nobody can allow it now, for the person in front of the browser; null: anybody can. */
  disabled: z.string().nullable(),
  /** The account that can allow it all the same, while it is made and reviewed. */
  testAccount: z.string().optional(),
});

/** One client's integration in one account. `id` is what the platform calls the integration id. */
const installationSchema = z.object({
  id: z.string(),
  account: z.string(),
  clientId: z.string(),
  switchboardIntegrationId: z.string(),
  installedAt: z.string(),
});

const tokenSchema = z.object({ accessToken: z.string(), installationId: z.string() });

const webhookSchema = z.object({
  id: z.string(),
  installationId: z.string(),
  target: z.string(),
  triggers: z.array(z.string()),
  secret: z.string(),
  includeFullUser: z.boolean(),
  includeFullSource: z.boolean(),
});

const controlChangeSchema = z.object({
  at: z.string(),
  /** Of the event. */
  type: z.string(),
  /** Who has control now, or is offered it; null: nobody. */
  to: z.object({ kind: z.enum(['bot', 'agent']), name: z.string() }).nullable(),
  /** What whoever passed control sent along. */
  metadata: metadataSchema.optional(),
  reason: z.string().optional(),
  /** Why it did not move. */
  problem: z.string().optional(),
});

const conversationSchema = z.object({
  id: z.string(),
  account: z.string(),
  type: z.enum(['personal', 'sdkGroup']),
  participants: z.array(participantSchema),
  isDefault: z.boolean(),
  displayName: z.string().nullish(),
  description: z.string().nullish(),
  iconUrl: z.string().nullish(),
  metadata: metadataSchema.optional(),
  createdAt: z.string(),
  lastUpdatedAt: z.string(),
  businessLastRead: z.string().optional(),
  /** Switchboard integration ids; null: nobody. */
  activeId: z.string().nullable(),
  pendingId: z.string().nullable(),
  /** Control was released: whoever gets new conversations has it when the customer speaks again. */
  isReleased: z.boolean().optional(),
  /** When the agent looked at it last. */
  agentLastRead: z.string().optional(),
  /** How control moved, for the pages: the newest changes, oldest first. */
  controlChanges: z.array(controlChangeSchema).optional(),
});

const sourceSchema = z.object({
  type: z.string(),
  integrationId: z.string().optional(),
  originalMessageId: z.string().optional(),
  originalMessageTimestamp: z.string().optional(),
  campaign: z.object({ id: z.string() }).optional(),
});

const messageSchema = z.object({
  id: z.string(),
  conversationId: z.string(),
  received: z.string(),
  author: z.object({
    type: z.enum(['business', 'user']),
    userId: z.string().optional(),
    displayName: z.string().optional(),
    avatarUrl: z.string().optional(),
    subtypes: z.array(z.string()).optional(),
  }),
  content: contentSchema,
  source: sourceSchema,
  metadata: metadataSchema.optional(),
  /** What the system did, where it wrote the message itself. */
  activity: z
    .object({
      type: z.enum(['conversation:endedByUser', 'ticket:closed', 'ticket:transfer:email']),
      data: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
  /** What the page that sent it calls it: whatever comes twice by that name is the same message. */
  sentAs: z.string().optional(),
  /** The form that this answers. */
  quotedMessageId: z.string().optional(),
  /** Not for the customer's eyes: the Messenger leaves it out. */
  isHidden: z.boolean().optional(),
  /** Who spoke, for the faces; the API does not show it. */
  speaker: z.object({ kind: z.enum(['customer', 'bot', 'agent', 'system']), name: z.string() }),
});

/** An uploaded or sent file. */
const attachmentSchema = z.object({
  id: z.string(),
  account: z.string(),
  name: z.string(),
  mediaType: z.string(),
  base64: z.string(),
  /** It goes when this conversation goes. */
  conversationId: z.string().optional(),
});

/** Everything that survives a restart of Zendesk; the services beside it have parts of their own. */
export const snapshotSchema = z.looseObject({
  clients: z.array(clientSchema),
  accounts: z.array(accountSchema),
  installations: z.array(installationSchema),
  tokens: z.array(tokenSchema),
  webhooks: z.array(webhookSchema),
  users: z.array(userSchema),
  channelClients: z.array(channelClientSchema),
  supportUsers: z.array(supportUserSchema),
  conversations: z.array(conversationSchema),
  messages: z.array(messageSchema),
  attachments: z.array(attachmentSchema),
});

export type Client = z.infer<typeof clientSchema>;
export type Account = z.infer<typeof accountSchema>;
export type Installation = z.infer<typeof installationSchema>;
export type Webhook = z.infer<typeof webhookSchema>;
export type { ChannelClient, Participant, SupportUser, User } from './people.ts';
export type Conversation = z.infer<typeof conversationSchema>;
export type ControlChange = z.infer<typeof controlChangeSchema>;
export type Message = z.infer<typeof messageSchema>;
export type Attachment = z.infer<typeof attachmentSchema>;
export type Snapshot = z.infer<typeof snapshotSchema>;
