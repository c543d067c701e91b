import type { Log } from '../log.ts';
import type { Metadata } from '../zendesk/conversations.ts';
import type { Referral } from '../zendesk/events.ts';

export type { Metadata };

/** What the customer sent: `type` says which kind it is, and TypeScript knows what each has. */
export type IncomingMessage = Received & IncomingContent;
export type IncomingContent = MessageKinds[keyof MessageKinds] & {
  /** Where it says more than the words in it. */
  text?: string;
};

/** By the word for it; features add theirs. */
export interface MessageKinds {
  text: TextMessage;
  other: OtherMessage;
}

/** What every message has; features add more. */
export interface Received {
  id: string;
  receivedAt: Date;
  /** What can be read of it: a caption, the address of a place, the answers of a form; else empty. */
  text: string;
  /** What the page that the customer is on has sent along. */
  metadata: Readonly<Record<string, unknown>>;
}

export interface TextMessage {
  type: 'text';
  /** Set when the customer pressed one of our reply buttons. */
  payload: string | undefined;
}

/** Anything else, and whatever Zendesk will invent. */
export interface OtherMessage {
  type: 'other';
  /** Zendesk's word for it. */
  kind: string;
  /** All of it, as it came. */
  content: Readonly<Record<string, unknown>>;
}

/** A file to be sent, in place of its address: `send({ type: 'image', mediaUrl: upload(…) })`. */
export interface Upload {
  name: string;
  mediaType: string;
  /** Uploads it, unless that was done, and returns where it is. @throws RemoteError, RangeError */
  url: () => Promise<string>;
  /** An earlier attempt has uploaded it. */
  isAt: (url: string) => void;
}

/** Who the bot talks with, as far as Zendesk's event says it. */
export interface KnownCustomer {
  id: string;
  /** Your own id of the customer, where the site has signed him in. */
  externalId: string | undefined;
  /** Whether the site, or the help center, has proven who it is; undefined when the event does not say. */
  isAuthenticated: boolean | undefined;
}

export interface ReplyButton {
  /** On the button, and what the customer then "says"; the web widget shows about 40 characters. */
  text: string;
  payload: string;
}

/**
 * What every handler receives, bound to the conversation: no ids, no tokens. A text that is too long is cut
 * or split; for anything else that Zendesk would not take a RangeError says what to do.
 */
export interface CoreTools {
  event: {
    /** The same at every attempt: the key under which to do something elsewhere once. */
    id: string;
    /** 1 for the first. */
    attempt: number;
    /** Aborted when the handler has taken too long, or the app stops: pass it to `fetch`. */
    signal: AbortSignal;
  };
  customer: KnownCustomer;
  conversation: {
    id: string;
    /** Where the event came from: `web`, `ios`, `whatsapp` and so on; undefined when it does not say. */
    channel: string | undefined;
    metadata: Readonly<Record<string, unknown>>;
  };
  /**
   * Sends a text, in several messages when it is longer than the platform's 4 096 characters.
   * Sequences the platform would read as commands are neutralised, so quoting the customer is safe.
   */
  reply: (text: string, options?: { buttons?: ReplyButton[] | undefined }) => Promise<void>;
  /** Shows that the bot is typing. Best effort: never waits, never fails. */
  typing: () => void;
  /**
   * Hands the conversation to a person (or to the switchboard integration named in `to`). The bot is
   * silent afterwards; nothing can be sent after it, so say goodbye first. The agent sees the last ten
   * messages, or with `firstMessageId` (of a turn of `history`) all from that one on.
   */
  handOff: (options: {
    reason: string;
    to?: string | undefined;
    metadata?: Metadata | undefined;
    firstMessageId?: string | undefined;
  }) => Promise<void>;
  /**
   * Ends the conversation: nobody is in control of it any more, and its ticket counts as solved. Nothing
   * can be sent after it; what the customer writes next begins anew with your bot.
   */
  end: () => Promise<void>;
  log: Log;
}

/** With what features add: each declares its part in its own folder. */
export interface Tools extends CoreTools {}

export type OnMessage = (
  context: Tools & {
    message: IncomingMessage;
    /** What the customer sent right before it and is answered with it, oldest first; mostly empty. */
    earlier: readonly IncomingMessage[];
  },
) => Promise<void>;
export type OnPostback = (
  context: Tools & {
    payload: string;
    /** What the button was given beside it when it was sent; mostly empty. */
    metadata: Readonly<Record<string, unknown>>;
  },
) => Promise<void>;
export type OnStart = (
  context: Tools & {
    reason: StartReason;
    /** The id of the campaign that the customer answered, where it is one. */
    campaign?: string | undefined;
    /** What led the customer here, where Zendesk says it: an ad, or a link with a code of yours. */
    referral?: Referral | undefined;
  },
) => Promise<void>;
export type OnHandOffFailed = (context: Tools) => Promise<void>;

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

/** Its functions; features add theirs, and what it says beside them. */
export interface Bot {
  /** The customer wrote or sent something, or pressed a reply button. */
  onMessage: OnMessage;
  /** The customer pressed a postback button of a carousel. */
  onPostback?: OnPostback;
  /** A conversation was opened and the customer has not written yet; `reason` says why. */
  onStart?: OnStart;
  /** Nobody could take over after handOff(); the bot is in control again. */
  onHandOffFailed: OnHandOffFailed;
}
