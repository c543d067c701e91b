import type { Log } from '../log.ts';
import type { CardAction, FormField, Item, MessageAction, Metadata } from '../zendesk/content.ts';
import type { Customer, Profile, ProfileChanges } from './customer.ts';
import type { History, Turn } from './history.ts';
import type { IncomingMessage } from './messages/message.ts';
import type { DeliveryFailure, Ending, GivenUp, Identity, StartReason } from './occasions.ts';
import type { OutgoingContent, Upload, UploadSource } from './messages/upload.ts';
import type { CallZendesk } from './zendesk-call.ts';

export type {
  CallZendesk,
  CardAction,
  Customer,
  DeliveryFailure,
  Ending,
  FormField,
  GivenUp,
  History,
  Identity,
  MessageAction,
  Metadata,
  OutgoingContent,
  Profile,
  ProfileChanges,
  StartReason,
  Turn,
  Upload,
  UploadSource,
};

export type {
  AnsweredField,
  Download,
  DownloadOptions,
  FormMessage,
  IncomingMessage,
  LocationMessage,
  MediaMessage,
  OtherMessage,
  QuotedMessage,
  TextMessage,
} from './messages/message.ts';

/** A card of a carousel, a row of a list. */
export type OutgoingItem = Item<string | Upload>;

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
  customer: Customer;
  conversation: {
    id: string;
    /** Where the event came from: `web`, `ios`, `whatsapp` and so on; undefined when it does not say. */
    channel: string | undefined;
    metadata: Readonly<Record<string, unknown>>;
  };
  /** What was said before, as plain turns, oldest first: ready for a language model. */
  history: History;
  /** Anything else of Zendesk's API, with the account's token: see runtime/zendesk-call.ts. */
  zendesk: { call: CallZendesk };
  /**
   * Sends a text, in several messages when it is longer than the platform's 4 096 characters.
   * Sequences the platform would read as commands are neutralised, so quoting the customer is safe.
   */
  reply: (text: string, options?: { buttons?: ReplyButton[] }) => Promise<void>;
  /**
   * Sends a message of any kind that Zendesk takes: see zendesk/content.ts, and docs/messages.md. `metadata`
   * comes back with what quotes it, the answers to a form for one.
   */
  send: (content: OutgoingContent, options?: { metadata?: Metadata }) => Promise<void>;
  /**
   * A file for an image, a file or a card: `send({ type: 'image', mediaUrl: upload(bytes, …) })`. It is read
   * and uploaded when its message is sent, up to 50 MB, and once like the message. @throws RangeError
   */
  upload: (source: UploadSource, file: { name: string; mediaType: string }) => Upload;
  /** Shows that the bot is typing. Best effort: never waits, never fails. */
  typing: () => void;
  /**
   * Hands the conversation to a person (or to the switchboard integration named in `to`). The bot is
   * silent afterwards; nothing can be sent after it, so say goodbye first. The agent sees the last ten
   * messages, or with `firstMessageId` (of a turn of `history`) all from that one on.
   */
  handOff: (options: {
    reason: string;
    to?: string;
    metadata?: Metadata;
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
    /** With `waitForMore`: what the customer sent right before it, oldest first; else empty. */
    earlier: readonly IncomingMessage[];
  },
) => Promise<void>;
export type OnPostback = (context: Tools & { payload: string }) => Promise<void>;
export type OnStart = (context: Tools & { reason: StartReason }) => Promise<void>;
export type OnHandOffFailed = (context: Tools) => Promise<void>;
export type OnGiveUp = (context: Tools & GivenUp) => Promise<void>;
export type OnDeliveryFailed = (context: Tools & { failure: DeliveryFailure }) => Promise<void>;
export type OnEnded = (context: Tools & Ending) => Promise<void>;

export interface Bot {
  /** The customer wrote or sent something, or pressed a reply button. */
  onMessage: OnMessage;
  /** The customer pressed a postback button of a carousel. */
  onPostback?: OnPostback;
  /**
   * The page sent a message for the customer that it does not show, to start something: with metadata that
   * says so. Without this handler such messages are ignored.
   */
  onHidden?: OnMessage;
  /** A conversation was opened and the customer has not written yet; `reason` says why. */
  onStart?: OnStart;
  /** Nobody could take over after handOff(); the bot is in control again. */
  onHandOffFailed: OnHandOffFailed;
  /**
   * A function of yours failed for the last time, or did not end in time. Without this one, the customer who
   * asked for something is told so and handed over.
   */
  onGiveUp?: OnGiveUp;
  /**
   * The conversation was ended by the customer or the people. It is over: nothing can be sent; remember,
   * forget, or tell a system of yours.
   */
  onEnded?: OnEnded;
  /** A social channel did not deliver a message of the bot. What you send now is not told of again. */
  onDeliveryFailed?: OnDeliveryFailed;
  /** Whether to take over a conversation that somebody offers to the bot; true by default. */
  acceptOffers?: boolean;
  identity?: Identity;
  /**
   * Milliseconds, up to 60 000. Messages of one customer that follow each other within that time are answered
   * together: `message` is the last of them, `earlier` has the others. 0, the default: each by itself, at once.
   */
  waitForMore?: number;
}
