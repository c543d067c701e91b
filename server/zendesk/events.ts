import { z } from 'zod';
import { columnText } from '../store/column-text.ts';

/** What we subscribe to (OpenAPI Webhooks tag lists all triggers). */
export const TRIGGERS = [
  'conversation:message',
  'conversation:postback',
  'conversation:create',
  'switchboard:passControl',
  'switchboard:passControl:failure',
  'switchboard:releaseControl',
  'user:remove',
] as const;

export const SwitchboardIntegration = z.object({
  id: z.string(),
  name: columnText.optional(),
  integrationId: columnText.optional(),
  /** Of a marketplace bot: its OAuth client id. */
  integrationType: columnText.optional(),
});

const Conversation = z.object({
  id: columnText,
  activeSwitchboardIntegration: SwitchboardIntegration.nullish(),
});
const User = z.object({ id: columnText });

const MessagePayload = z.object({
  conversation: Conversation,
  message: z.object({
    id: z.string(),
    author: z.object({ type: z.string(), userId: columnText.nullish(), user: User.nullish() }),
    content: z.object({
      type: z.string(),
      text: z.string().nullish(),
      payload: z.string().nullish(),
      mediaUrl: z.string().nullish(),
    }),
  }),
});

const PostbackPayload = z.object({
  conversation: Conversation,
  postback: z.object({ payload: z.string() }),
  user: User.nullish(),
});

const CreatePayload = z.object({
  conversation: Conversation,
  creationReason: z.string().nullish(),
  user: User.nullish(),
});

const SwitchboardPayload = z.object({
  conversation: Conversation,
  reason: z.string().nullish(),
  error: z.object({ code: z.string().nullish(), message: z.string().nullish() }).nullish(),
});

/** The events we act on, with the fields we read. Fields we do not know pass unharmed. */
const KnownEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('conversation:message'), payload: MessagePayload }),
  z.object({ type: z.literal('conversation:postback'), payload: PostbackPayload }),
  z.object({ type: z.literal('conversation:create'), payload: CreatePayload }),
  z.object({ type: z.literal('switchboard:passControl'), payload: SwitchboardPayload }),
  z.object({ type: z.literal('switchboard:passControl:failure'), payload: SwitchboardPayload }),
  z.object({ type: z.literal('switchboard:releaseControl'), payload: SwitchboardPayload }),
  z.object({ type: z.literal('user:remove'), payload: z.object({ user: User }) }),
]);

export type ZendeskEvent = z.infer<typeof KnownEvent>;
export type ConversationEvent = Exclude<ZendeskEvent, { type: 'user:remove' }>;

export function isKnownEventType(type: string): boolean {
  return (TRIGGERS as readonly string[]).includes(type);
}

/** Parses a stored event of a known type; throws a ZodError when its shape is not the documented one. */
export function parseEvent(stored: unknown): ZendeskEvent {
  return KnownEvent.parse(stored);
}
