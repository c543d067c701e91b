import type { Download, DownloadOptions } from '../../zendesk/download.ts';

export type { Download, DownloadOptions };

/** What the customer sent: `type` says which kind it is, and TypeScript knows what each has. */
export type IncomingMessage = Received &
  (TextMessage | MediaMessage | LocationMessage | FormMessage | OtherMessage);

/** What every message has. */
export interface Received {
  id: string;
  receivedAt: Date;
  /** What can be read of it: a caption, the address of a place, the answers of a form; else empty. */
  text: string;
  /** What the page that the customer is on has sent along. */
  metadata: Readonly<Record<string, unknown>>;
  /** The page sent it for the customer, and does not show it: see onHidden. */
  isHidden: boolean;
  /** What it is an answer to: a form, or what the customer quoted (WhatsApp). */
  quoted: QuotedMessage | undefined;
}

export interface TextMessage {
  type: 'text';
  /** Set when the customer pressed one of our reply buttons. */
  payload: string | undefined;
  /** The same words with mark-up, where there is one. Not safe to be shown as it is. */
  html: string | undefined;
  markdown: string | undefined;
}

export interface MediaMessage {
  type: 'media';
  /** `image` or `file`. */
  kind: string;
  /** Where it is. Files are private: a browser cannot open it, `download` can. */
  url: string;
  /** `image/png` and so on, as the sender says. */
  mediaType: string | undefined;
  /** Bytes. */
  size: number | undefined;
  name: string;
  /** What is seen, for those who cannot see it; where nobody wrote one, the file's name. */
  altText: string | undefined;
  /**
   * Fetches it, as a stream of up to 50 MB or `maxBytes`, with the account's token where that is asked for.
   * @throws RangeError when it is larger, or is nowhere where the account keeps its files; RemoteError
   */
  download: (options?: DownloadOptions) => Promise<Download>;
}

export interface LocationMessage {
  type: 'location';
  coordinates: { lat: number; long: number };
  name: string | undefined;
  address: string | undefined;
}

export interface FormMessage {
  type: 'form';
  fields: AnsweredField[];
  /** The answers by the names of their fields; of a select the name of the option that was chosen. */
  values: Readonly<Record<string, string>>;
}

export type AnsweredField = { name: string; label: string } &
  /** A number where the form asked for one. */
  (
    | { type: 'text'; value: string | number }
    | { type: 'email'; value: string }
    | { type: 'select'; value: { name: string; label: string }[] }
  );

/** Anything else, and whatever Zendesk will invent. */
export interface OtherMessage {
  type: 'other';
  /** Zendesk's word for it. */
  kind: string;
  /** All of it, as it came. */
  content: Readonly<Record<string, unknown>>;
}

export interface QuotedMessage {
  /** Absent when Zendesk does not know the message. */
  id: string | undefined;
  /** The channel's own id of it. */
  externalId: string | undefined;
  by: 'customer' | 'business' | undefined;
  text: string;
  metadata: Readonly<Record<string, unknown>>;
}
