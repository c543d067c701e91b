import { z } from 'zod';
import { Done } from '../remote-call.ts';
import type { ApiCall } from './client.ts';
import { fillPlaceholder, SwitchboardIntegration } from './events.ts';

const StoredMessage = z.object({
  id: z.string(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  received: z.string(),
  author: z.looseObject({ type: z.string() }),
  content: z.looseObject({
    type: z.string(),
    text: z.string().nullish(),
    altText: z.string().nullish(),
  }),
  activity: z.looseObject({ type: z.string() }).nullish(),
  deleted: z.boolean().nullish(),
});
export type StoredMessage = z.infer<typeof StoredMessage>;
const Participants = z
  .object({ participants: z.array(z.object({ userId: z.string().nullish() })) })
  .transform(({ participants }) => participants);
const Posted = z.object({ messages: z.array(z.object({ id: z.string() })) });
const Messages = z.object({
  messages: z.array(z.preprocess(fillPlaceholder, StoredMessage)),
  meta: z
    .object({ hasMore: z.boolean().optional(), beforeCursor: z.string().nullish() })
    .optional(),
});
const Conversation = z.object({
  id: z.string(),
  activeSwitchboardIntegration: SwitchboardIntegration.nullish(),
});
const OneConversation = z
  .object({ conversation: Conversation })
  .transform(({ conversation }) => conversation);

/** What a message says, of any type that Zendesk takes (OpenAPI content). */
export interface Content {
  type: string;
  text?: string | undefined;
}

/** Flat, up to 4 KB as JSON. */
export type Metadata = Record<string, string | number | boolean>;

/** As whom the bot speaks (OpenAPI author). */
export interface Author {
  displayName?: string;
  avatarUrl?: string;
  /** Zendesk puts a disclaimer under each message. */
  subtypes?: ['AI'];
}

/** Always as `business`: as `user` it would look like the customer talking. */
const business = { type: 'business' } as const;

export function conversationCalls(call: ApiCall, findAuthor: () => Author = () => ({})) {
  const one = (id: string) => `/conversations/${encodeURIComponent(id)}`;
  return {
    get: (id: string) => call('GetConversation', 'GET', one(id), OneConversation),
    listParticipants: (id: string) =>
      call('ListParticipants', 'GET', `${one(id)}/participants`, Participants),
    postMessage: (id: string, message: { content: Content; metadata?: Metadata }) =>
      call('PostMessage', 'POST', `${one(id)}/messages`, Posted, {
        author: { ...business, ...findAuthor() },
        ...message,
      }),
    /** One page of 100, newest page first, as the platform pages (OpenAPI ListMessages); see readBack. */
    listMessages(id: string, before?: string) {
      const page = before === undefined ? '' : `?page[before]=${encodeURIComponent(before)}`;
      return call('ListMessages', 'GET', `${one(id)}/messages${page}`, Messages);
    },
    startTyping: (id: string) =>
      call('PostActivity', 'POST', `${one(id)}/activity`, Done, {
        author: business,
        type: 'typing:start',
      }),
    passControl: (id: string, target: { switchboardIntegration: string; metadata?: Metadata }) =>
      call('PassControl', 'POST', `${one(id)}/passControl`, Done, target),
    releaseControl: (id: string) =>
      call('ReleaseControl', 'POST', `${one(id)}/releaseControl`, Done, {}),
    acceptControl: (id: string) =>
      call('AcceptControl', 'POST', `${one(id)}/acceptControl`, Done, {}),
  };
}

/** The messages of a conversation page after page, the newest first; a page is fetched when it is needed. */
export async function* readBack(
  { listMessages }: Pick<ReturnType<typeof conversationCalls>, 'listMessages'>,
  id: string,
): AsyncGenerator<StoredMessage[]> {
  let before: string | undefined;
  do {
    const { messages, meta } = await listMessages(id, before);
    yield messages;
    before = meta?.hasMore ? (meta.beforeCursor ?? undefined) : undefined;
  } while (before !== undefined);
}
