// What a message may contain, as Zendesk's OpenAPI file has it (17.12.1, `content` and what it refers to),
// without what only Zendesk sets. Limits are in fit-content.ts and fit-parts.ts.

import type { Metadata } from '../../runtime/types.ts';

/** A button of a text or an image; a file has none. */
export type MessageAction = ReplyAction | LocationRequestAction | CardAction;

/** A button of a card, of a list, or of one of their items. */
export type CardAction = PostbackAction | LinkAction | WebviewAction | BuyAction;

interface Action {
  /** On the button. */
  text: string;
  metadata?: Metadata;
}

/** The customer says its text; onMessage gets it with the payload. */
export interface ReplyAction extends Action {
  type: 'reply';
  payload: string;
  iconUrl?: string;
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
  default?: boolean;
  extraChannelOptions?: ExtraChannelOptions;
}

/** Opens a page inside the chat, and `fallback` where that cannot be done. */
export interface WebviewAction extends Action {
  type: 'webview';
  uri: string;
  fallback: string;
  size?: 'compact' | 'tall' | 'full';
  /** Of one action in a message; the web widget alone does it. */
  openOnReceive?: boolean;
  default?: boolean;
  extraChannelOptions?: ExtraChannelOptions;
}

export interface BuyAction extends Action {
  type: 'buy';
  /** In cents: 999 is 9.99. */
  amount: number;
  /** ISO 4217. */
  currency?: string;
}

/** Asks where the customer is; onMessage gets a location. */
export interface LocationRequestAction extends Action {
  type: 'locationRequest';
}

interface ExtraChannelOptions {
  messenger?: { messenger_extensions?: boolean; webview_share_button?: 'hide' };
}

interface Content {
  /** While it is the newest message, the customer cannot type. */
  blockChatInput?: boolean;
}

/** One or two of the three: html and markdown exclude one another, and each makes a text where there is none. */
interface Words {
  text?: string;
  htmlText?: string;
  markdownText?: string;
}

export interface TextContent extends Content, Words {
  type: 'text';
  actions?: MessageAction[];
}

interface Media<Address> extends Content, Words {
  mediaUrl: Address;
  /** For those who cannot see it; else it is the file's name. */
  altText?: string;
}

export interface ImageContent<Address = string> extends Media<Address> {
  type: 'image';
  actions?: MessageAction[];
}

export interface FileContent<Address = string> extends Media<Address> {
  type: 'file';
}

/** A card of a carousel, a row of a list. */
export interface Item<Address = string> {
  title: string;
  description?: string;
  mediaUrl?: Address;
  mediaType?: string;
  altText?: string;
  size?: 'compact' | 'large';
  /** One to three. */
  actions: CardAction[];
  metadata?: Metadata;
}

export interface CarouselContent<Address = string> extends Content {
  type: 'carousel';
  /** One to ten. */
  items: Item<Address>[];
  displaySettings?: { imageAspectRatio?: 'horizontal' | 'square' };
}

export interface ListContent<Address = string> extends Content {
  type: 'list';
  /** One to ten. */
  items: Item<Address>[];
  actions?: CardAction[];
}

export interface LocationContent extends Content {
  type: 'location';
  coordinates: { lat: number; long: number };
  location?: { name?: string; address?: string };
}

interface Field {
  /** The answer has it under this name: unique in the form. */
  name: string;
  label: string;
  placeholder?: string;
}

export type FormField =
  | (Field & { type: 'email' })
  | (Field & {
      type: 'text';
      /** Only a number of this kind is taken. */
      format?: 'integer' | 'decimal';
      /** Characters of the answer, 1 to 256; the most are 128 where nothing is said. */
      minSize?: number;
      maxSize?: number;
    })
  /** Up to 200 options, each with a name of its own. */
  | (Field & { type: 'select'; options: { name: string; label: string }[] });

export interface FormContent extends Content {
  type: 'form';
  /** One to twenty. */
  fields: FormField[];
  /** Above the link to the form, in channels that cannot show one. */
  text?: string;
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
