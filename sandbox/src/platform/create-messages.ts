import { ApiError } from '../refused.ts';
import type { Changes } from '../state/changes.ts';
import type { Conversation, Message } from '../state/records.ts';
import { addMessage } from '../state/state.ts';
import type { State } from '../state/state.ts';
import { newId } from '../state/values.ts';
import type { WorldLimits } from '../world-limits.ts';
import type { Events } from './create-events.ts';
import type { Switchboard } from './create-switchboard.ts';
import type { Typing } from './create-typing.ts';

interface MessagesOptions {
  state: State;
  changes: Changes;
  events: Events;
  switchboard: Switchboard;
  typing: Typing;
  limits: WorldLimits;
}

export type MessageDraft = Omit<Message, 'id' | 'received' | 'conversationId'>;

export type Messages = ReturnType<typeof createMessages>;

export function createMessages(options: MessagesOptions) {
  const { state, changes, events, switchboard, typing } = options;
  const messageLimit = options.limits.messagesPerConversation;

  /** Stores the message and tells nobody but the pages. Throws 423 when the conversation is full. */
  function store(conversation: Conversation, draft: MessageDraft): Message {
    if ((state.messages.get(conversation.id)?.length ?? 0) >= messageLimit) {
      const title = `Message limit of ${messageLimit} per conversation reached.`;
      throw new ApiError(423, 'locked', title);
    }
    const received = new Date().toISOString();
    const message = { ...draft, id: newId(), received, conversationId: conversation.id };
    addMessage(state, message);
    conversation.lastUpdatedAt = received;
    changes.announce({ account: conversation.account, conversationId: conversation.id });
    return message;
  }

  return {
    store,
    /** A line that the system writes itself: an ordinary text with the activity behind it. */
    postActivity(
      conversation: Conversation,
      { text, ...activity }: NonNullable<Message['activity']> & { text: string },
    ): Message {
      const message = store(conversation, {
        author: { type: 'business', subtypes: ['activity'] },
        content: { type: 'text', text },
        source: { type: 'api:conversations' },
        activity,
        speaker: { kind: 'system', name: 'Zendesk' },
      });
      events.messagePosted(conversation, message);
      return message;
    },
    /**
     * Stores the message and announces it. Business text that is a control command is carried out
     * instead: nothing is stored and undefined comes back.
     */
    post(conversation: Conversation, draft: MessageDraft): Message | undefined {
      if (draft.author.type === 'business') {
        typing.stop(conversation);
        const { content } = draft;
        const target = content.type === 'text' && readControlShorthand(content.text ?? '');
        if (typeof target === 'string') {
          switchboard.passControl(conversation, target);
          return undefined;
        }
      }
      const message = store(conversation, draft);
      events.messagePosted(conversation, message);
      return message;
    },
  };
}

const SHORTHAND = /%\(\(switchboard:passControl(?::([^()]+))?\)\)%/;

/**
 * Business text can carry a control command: `%((switchboard:passControl))%` or
 * `%((switchboard:passControl:name))%`. Returns the target it names, `next` when it names none,
 * undefined when the text is just text.
 */
function readControlShorthand(text: string): string | undefined {
  const match = SHORTHAND.exec(text);
  return match ? (match[1] ?? 'next') : undefined;
}
