/**
 * Why a conversation was opened (OpenAPI conversationCreateEvent): by the customer, by a form that he filled
 * in before the chat, by a campaign that he answered, by a notification that was sent to him, for a link that
 * shall move him to another channel, or by somebody else's call of the API. Zendesk may add others.
 */
export type StartReason =
  | 'startConversation'
  | 'prechatCapture'
  | 'proactiveMessaging'
  | 'notification'
  | 'linkRequest'
  | 'none'
  | (string & {});

/** What failed for the last time. */
export interface GivenUp {
  /** Which function of yours; of an event that a feature made, its type. */
  handler: 'onMessage' | 'onPostback' | 'onStart' | 'onHandOffFailed' | (string & {});
  /** In words for your log, not for the customer. */
  reason: string;
}

/** Who ended a conversation. */
export type Ending =
  | { by: 'customer' }
  /** The ticket of the people was closed, or goes on by e-mail. */
  | { by: 'agent'; reason: 'ticketClosed' | 'transferToEmail' | (string & {}) };

/** A message of the bot that Zendesk accepted and the customer's channel did not deliver. */
export interface DeliveryFailure {
  message: { id: string; role: 'assistant'; by: 'bot'; text: string; at: Date };
  /** `whatsapp`, `twilio` and so on. */
  channel: string | undefined;
  /** In Zendesk's words, for your log: `uncategorized_error`. */
  code: string | undefined;
  reason: string | undefined;
}

/** As whom the bot speaks: on every message it sends. */
export interface Identity {
  /** Up to 100 characters. */
  displayName?: string;
  /** The https address of a JPG, PNG or GIF. */
  avatarUrl?: string;
  /** Whether an AI writes: Zendesk then tells the customer so, as the law of some countries demands. */
  isAI?: boolean;
}
