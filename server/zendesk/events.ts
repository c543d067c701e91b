import { z } from 'zod';
import { columnText } from '../text.ts';

export const SwitchboardIntegration = z.object({
  id: z.string(),
  name: columnText.optional(),
  integrationId: columnText.optional(),
  /** Of a marketplace bot: its OAuth client id. */
  integrationType: columnText.optional(),
});
export type SwitchboardIntegration = z.infer<typeof SwitchboardIntegration>;

const Metadata = z.record(z.string(), z.unknown()).nullish();
const Conversation = z.object({
  id: columnText,
  metadata: Metadata,
  activeSwitchboardIntegration: SwitchboardIntegration.nullish(),
});
const User = z.object({
  id: columnText,
  externalId: z.string().nullish(),
  authenticated: z.boolean().nullish(),
});
/** Where something came from (OpenAPI source): `type` is the channel, web, ios, whatsapp and so on, if it says so. */
const Source = z
  .object({
    type: z.string().nullish(),
    integrationId: z.string().nullish(),
    /** Of the business, and the customer answered it. */
    campaign: z.object({ id: z.string() }).nullish().catch(undefined),
  })
  .nullish()
  .catch(undefined);

/** "A placeholder for one that has been deleted" (OpenAPI message, which asks for none of its parts): it says nothing. */
export function fillPlaceholder(message: unknown): unknown {
  const isPlaceholder = typeof message === 'object' && message !== null && 'deleted' in message;
  return isPlaceholder && message.deleted === true
    ? { ...message, content: ('content' in message && message.content) || { type: 'deleted' } }
    : message;
}

const Message = z.object({
  id: z.string(),
  author: z.object({
    type: z.string(),
    subtypes: z.array(z.string()).nullish(),
    userId: columnText.nullish(),
    user: User.nullish(),
  }),
  /** Of any type Zendesk has or will have: nothing of it is lost here. */
  content: z.looseObject({ type: z.string() }),
  received: z.string().nullish(),
  source: Source,
  metadata: Metadata,
  quotedMessage: z.looseObject({ type: z.string() }).nullish(),
  /** What the system says by it: `conversation:endedByUser` for one (OpenAPI activityMessage). */
  activity: z.looseObject({ type: z.string() }).nullish(),
  deleted: z.boolean().nullish(),
});
const MessagePayload = z.object({
  conversation: Conversation,
  message: z.preprocess(fillPlaceholder, Message),
});

const PostbackPayload = z.object({
  conversation: Conversation,
  postback: z.object({ payload: z.string(), metadata: Metadata }),
  user: User.nullish(),
  source: Source,
});

/** What led a customer here (OpenAPI referral): an ad, or a link with a code in it. */
const Referral = z
  .object({
    code: z.string().nullish(),
    details: z
      .object({
        source: z.string().nullish(),
        type: z.string().nullish(),
        adId: z.string().nullish(),
      })
      .nullish(),
  })
  .nullish()
  .catch(undefined);
export type Referral = NonNullable<z.infer<typeof Referral>>;

const CreatePayload = z.object({
  conversation: Conversation,
  creationReason: z.string().nullish(),
  user: User.nullish(),
  source: Source,
  referral: Referral,
});

const SwitchboardPayload = z.object({
  conversation: Conversation,
  /** Only the end of a ticket has one (OpenAPI switchboardReleaseControl). */
  reason: z.string().nullish(),
});

/** What happens in conversations, and we act on, with the fields we read. Fields we do not know pass unharmed. */
const KnownEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('conversation:message'), payload: MessagePayload }),
  z.object({ type: z.literal('conversation:postback'), payload: PostbackPayload }),
  z.object({ type: z.literal('conversation:create'), payload: CreatePayload }),
  z.object({ type: z.literal('switchboard:passControl'), payload: SwitchboardPayload }),
  z.object({ type: z.literal('switchboard:passControl:failure'), payload: SwitchboardPayload }),
  z.object({ type: z.literal('switchboard:releaseControl'), payload: SwitchboardPayload }),
]);

/** What the webhook subscribes to (OpenAPI Webhooks tag lists all triggers). */
export const TRIGGERS: readonly string[] = KnownEvent.options.map(({ shape }) => shape.type.value);

/** What the events have in common that features take care of; the rest of them they read themselves. */
const OtherEvent = z.object({
  payload: z.looseObject({
    conversation: Conversation.loose(),
    user: User.nullish(),
    /** What it is about. */
    message: z.looseObject({ id: z.string() }).nullish().catch(undefined),
    source: Source,
  }),
});

export type ConversationEvent = z.infer<typeof KnownEvent>;
export type OtherEvent = z.infer<typeof OtherEvent> & { type?: undefined };
type Message = z.infer<typeof Message>;
export type MessageEvent = Extract<ConversationEvent, { type: 'conversation:message' }>;

export function isTrigger(type: string): boolean {
  return TRIGGERS.includes(type);
}

/** Whether the system speaks in somebody's name (OpenAPI activityMessage): nobody said it, so nobody is answered. */
export function isActivity({ activity, author }: Message): boolean {
  return Boolean(activity) || author.subtypes?.includes('activity') === true;
}

/** Whether a message, of whatever shape, says that the customer ended the conversation. */
export function endsConversation(message: object | undefined): boolean {
  const activity: unknown = message && 'activity' in message ? message.activity : undefined;
  if (typeof activity !== 'object' || activity === null) return false;
  return 'type' in activity && activity.type === 'conversation:endedByUser';
}

/** What an event says of a customer. */
export type EventCustomer = z.infer<typeof User>;

/** Whom an event names as the customer; the switchboard's events name nobody. */
export function readCustomer({
  type,
  payload,
}: ConversationEvent | OtherEvent): EventCustomer | undefined {
  if (type === 'conversation:message') {
    const { user, userId } = payload.message.author;
    return user ?? (userId ? { id: userId } : undefined);
  }
  return 'user' in payload ? (payload.user ?? undefined) : undefined;
}

/** The channel that an event came by, where it says so. */
export function readChannel({ type, payload }: ConversationEvent | OtherEvent): string | undefined {
  if (type === 'conversation:message') return payload.message.source?.type ?? undefined;
  return ('source' in payload && payload.source?.type) || undefined;
}

/** A stored event of a known type; undefined when its shape is not the documented one. */
export function parseEvent(stored: unknown): ConversationEvent | undefined {
  return KnownEvent.safeParse(stored).data;
}

/** The same of a type that a feature takes care of. */
export function parseOtherEvent(stored: unknown): OtherEvent | undefined {
  return OtherEvent.safeParse(stored).data;
}
