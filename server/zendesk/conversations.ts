import { z } from 'zod';
import { Done } from '../remote-call.ts';
import type { AppCall } from './account.ts';
import { SwitchboardIntegration } from './events.ts';

const PostedMessage = z.object({
  id: z.string(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
});
const Messages = z.object({
  messages: z.array(PostedMessage.extend({ received: z.string() })),
  meta: z
    .object({ hasMore: z.boolean().optional(), beforeCursor: z.string().nullish() })
    .optional(),
});
const Conversation = z.object({
  id: z.string(),
  type: z.string().optional(),
  activeSwitchboardIntegration: SwitchboardIntegration.nullish(),
});

export type Metadata = Record<string, string | number | boolean>;

export type MessageAction =
  | { type: 'reply'; text: string; payload: string }
  | { type: 'postback'; text: string; payload: string }
  | { type: 'link'; text: string; uri: string };

export interface CarouselItem {
  title: string;
  description?: string;
  mediaUrl?: string;
  /** One to three. */
  actions: Exclude<MessageAction, { type: 'reply' }>[];
}

export type MessageContent =
  | { type: 'text'; text: string; actions?: MessageAction[] }
  | { type: 'carousel'; items: CarouselItem[] };

const business = { type: 'business' } as const;

export function conversationCalls(call: AppCall) {
  const one = (id: string) => `/conversations/${encodeURIComponent(id)}`;
  return {
    get: (id: string) =>
      call({
        operation: 'GetConversation',
        method: 'GET',
        path: one(id),
        answer: z.object({ conversation: Conversation }).transform((answer) => answer.conversation),
      }),
    createPersonal: (userExternalId: string) =>
      call({
        operation: 'CreateConversation',
        method: 'POST',
        path: '/conversations',
        body: { type: 'personal', participants: [{ userExternalId }] },
        answer: z.object({ conversation: Conversation }).transform((answer) => answer.conversation),
      }),
    listOfUser: (userExternalId: string) =>
      call({
        operation: 'ListConversations',
        method: 'GET',
        path: `/conversations?filter[userExternalId]=${encodeURIComponent(userExternalId)}`,
        answer: z
          .object({ conversations: z.array(Conversation) })
          .transform((answer) => answer.conversations),
      }),
    /** Always as `business`: as `user` it would look like the customer talking. */
    postMessage: (id: string, message: { content: MessageContent; metadata?: Metadata }) =>
      call({
        operation: 'PostMessage',
        method: 'POST',
        path: `${one(id)}/messages`,
        body: { author: business, ...message },
        answer: z.object({ messages: z.array(PostedMessage) }),
      }),
    /** One page of 100, newest page first, as the platform pages (OpenAPI ListMessages). */
    listMessages: (id: string, beforeCursor?: string) =>
      call({
        operation: 'ListMessages',
        method: 'GET',
        path: `${one(id)}/messages${beforeCursor === undefined ? '' : `?page[before]=${encodeURIComponent(beforeCursor)}`}`,
        answer: Messages,
      }),
    startTyping: (id: string) =>
      call({
        operation: 'PostActivity',
        method: 'POST',
        path: `${one(id)}/activity`,
        body: { author: business, type: 'typing:start' },
        answer: Done,
      }),
    passControl: (id: string, target: { switchboardIntegration: string; metadata?: Metadata }) =>
      call({
        operation: 'PassControl',
        method: 'POST',
        path: `${one(id)}/passControl`,
        body: target,
        answer: Done,
      }),
  };
}
