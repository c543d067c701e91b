// What a message may contain, as Zendesk's OpenAPI file has it (17.12.1, `content` and what it refers to),
// without what only Zendesk sets. What may be left out may be undefined, as what a handler looks up often is.
// Limits are in fit-content.ts and fit-parts.ts.

import type { Metadata } from '../../runtime/types.ts';

/** A button of a text or an image; a file has none. */
export type MessageAction = ReplyAction | LocationRequestAction | CardAction;

/** A button of a card, of a list, or of one of their items. */
export type CardAction = PostbackAction | LinkAction | WebviewAction | BuyAction;

interface Action {
  /** On the button. */
  text: string;
  metadata?: Metadata | undefined;
}

/** The customer says its text; onMessage gets it with the payload. */
export interface ReplyAction extends Action {
  type: 'reply';
  payload: string;
  iconUrl?: string | undefined;
}

/** Comes back to onPostback, and nothing is said. */
export interface PostbackAction extends Action {
  type: 'postback';
  payload: string;
}

export interface LinkAction extends Action {
  type: 'link';
  uri: string;
  /** Of the whole item, in Facebook Messenger. */
  default?: boolean | undefined;
  extraChannelOptions?: ExtraChannelOptions | undefined;
}

/** Opens a page inside the chat, and `fallback` where that cannot be done. */
export interface WebviewAction extends Action {
  type: 'webview';
  uri: string;
  fallback: string;
  size?: 'compact' | 'tall' | 'full' | undefined;
  /** Of one action in a message; the web widget alone does it. */
  openOnReceive?: boolean | undefined;
  default?: boolean | undefined;
  extraChannelOptions?: ExtraChannelOptions | undefined;
}

export interface BuyAction extends Action {
  type: 'buy';
  /** In cents: 999 is 9.99. */
  amount: number;
  /** ISO 4217. */
  currency?: string | undefined;
}

/** Asks where the customer is; onMessage gets a location. */
export interface LocationRequestAction extends Action {
  type: 'locationRequest';
}

interface ExtraChannelOptions {
  messenger?: { messenger_extensions?: boolean; webview_share_button?: 'hide' } | undefined;
}

interface Content {
  /** While it is the newest message, the customer cannot type. */
  blockChatInput?: boolean | undefined;
}

/** One or two of the three: html and markdown exclude one another, and each makes a text where there is none. */
interface Words {
  text?: string | undefined;
  htmlText?: string | undefined;
  markdownText?: string | undefined;
}

export interface TextContent extends Content, Words {
  type: 'text';
  actions?: MessageAction[] | undefined;
}

interface Media<Address> extends Content, Words {
  mediaUrl: Address;
  /** For those who cannot see it; else it is the file's name. */
  altText?: string | undefined;
}

export interface ImageContent<Address = string> extends Media<Address> {
  type: 'image';
  actions?: MessageAction[] | undefined;
}

export interface FileContent<Address = string> extends Media<Address> {
  type: 'file';
}

/** A card of a carousel, a row of a list. */
export interface Item<Address = string> {
  title: string;
  description?: string | undefined;
  mediaUrl?: Address | undefined;
  mediaType?: string | undefined;
  altText?: string | undefined;
  size?: 'compact' | 'large' | undefined;
  /** One to three. */
  actions: CardAction[];
  metadata?: Metadata | undefined;
}

export interface CarouselContent<Address = string> extends Content {
  type: 'carousel';
  /** One to ten. */
  items: Item<Address>[];
  displaySettings?: { imageAspectRatio?: 'horizontal' | 'square' | undefined } | undefined;
}

export interface ListContent<Address = string> extends Content {
  type: 'list';
  /** One to ten. */
  items: Item<Address>[];
  actions?: CardAction[] | undefined;
}

export interface LocationContent extends Content {
  type: 'location';
  coordinates: { lat: number; long: number };
  location?: { name?: string | undefined; address?: string | undefined } | undefined;
}

interface Field {
  /** The answer has it under this name: unique in the form. */
  name: string;
  label: string;
  placeholder?: string | undefined;
}

export type FormField =
  | (Field & { type: 'email' })
  | (Field & {
      type: 'text';
      /** Only a number of this kind is taken. */
      format?: 'integer' | 'decimal' | undefined;
      /** Characters of the answer, 1 to 256; the most are 128 where nothing is said. */
      minSize?: number | undefined;
      maxSize?: number | undefined;
    })
  /** Up to 200 options, each with a name of its own. */
  | (Field & { type: 'select'; options: { name: string; label: string }[] });

export interface FormContent extends Content {
  type: 'form';
  /** One to twenty. */
  fields: FormField[];
  /** Above the link to the form, in channels that cannot show one. */
  text?: string | undefined;
}

/** A WhatsApp template, in WhatsApp's own form. */
export interface TemplateContent extends Content {
  type: 'template';
  template: Readonly<Record<string, unknown>>;
}

/** `Address`: how files are named in it. */
export type MessageContent<Address = string> =
  | TextContent
  | ImageContent<Address>
  | FileContent<Address>
  | CarouselContent<Address>
  | ListContent<Address>
  | LocationContent
  | FormContent
  | TemplateContent;
