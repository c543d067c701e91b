import { z } from 'zod';
import { columnText } from '../text.ts';

/** What we subscribe to (OpenAPI Webhooks tag lists all triggers). */
export const TRIGGERS = [
  'conversation:message',
  'conversation:postback',
  'conversation:create',
  'conversation:remove',
  'conversation:message:delivery:failure',
  'switchboard:passControl',
  'switchboard:passControl:failure',
  'switchboard:releaseControl',
  'switchboard:offerControl',
  'user:merge',
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

const Merged = z.object({
  surviving: z.object({ id: columnText }),
  discarded: z.object({ id: columnText }),
});

/** What says that data of a customer has to go or to move; nothing but ids is read of it. */
const Upkeep = [
  z.object({
    type: z.literal('conversation:remove'),
    payload: z.object({ conversation: z.object({ id: columnText }) }),
  }),
  z.object({
    type: z.literal('user:merge'),
    payload: z.object({ mergedUsers: Merged, mergedConversations: Merged.nullish() }),
  }),
  z.object({ type: z.literal('user:remove'), payload: z.object({ user: User }) }),
] as const;

/** The events we act on, with the fields we read. Fields we do not know pass unharmed. */
const KnownEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('conversation:message'), payload: MessagePayload }),
  z.object({ type: z.literal('conversation:postback'), payload: PostbackPayload }),
  z.object({ type: z.literal('conversation:create'), payload: CreatePayload }),
  z.object({ type: z.literal('switchboard:passControl'), payload: SwitchboardPayload }),
  z.object({ type: z.literal('switchboard:passControl:failure'), payload: SwitchboardPayload }),
  z.object({ type: z.literal('switchboard:releaseControl'), payload: SwitchboardPayload }),
  ...Upkeep,
]);
const UpkeepEvent = z.discriminatedUnion('type', Upkeep);

export type ZendeskEvent = z.infer<typeof KnownEvent>;
export type UpkeepEvent = z.infer<typeof UpkeepEvent>;
export type ConversationEvent = Exclude<ZendeskEvent, UpkeepEvent>;

const HANDLED = new Set<string>(KnownEvent.options.map(({ shape }) => shape.type.value));
const UPKEEP = new Set<string>(Upkeep.map(({ shape }) => shape.type.value));

/** Whether an event is worked on; other triggers are subscribed to, and nothing is done about them yet. */
export function isHandledEventType(type: string): boolean {
  return HANDLED.has(type);
}

export function isSubscribedEventType(type: string): boolean {
  return (TRIGGERS as readonly string[]).includes(type);
}

export function isUpkeepType(type: string): boolean {
  return UPKEEP.has(type);
}

export function isUpkeepEvent(event: ZendeskEvent): event is UpkeepEvent {
  return isUpkeepType(event.type);
}

/** The ids alone of an event about a customer's data, whose profile comes with it; undefined for others. */
export function readUpkeep(event: { type: string }): UpkeepEvent | undefined {
  return isUpkeepType(event.type) ? UpkeepEvent.safeParse(event).data : undefined;
}

/** Parses a stored event of a known type; throws a ZodError when its shape is not the documented one. */
export function parseEvent(stored: unknown): ZendeskEvent {
  return KnownEvent.parse(stored);
}
