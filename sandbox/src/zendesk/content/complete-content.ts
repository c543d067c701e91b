import type { Platform } from '../../platform/create-platform.ts';
import { altTextOf, findByMediaUrl, sizeOf } from '../../platform/attachments.ts';
import { ApiError } from '../../refused.ts';
import { wordPlace } from '../../state/content.ts';
import type { Content } from '../../state/content.ts';
import type { PostedContent } from './posted-content.ts';
import { htmlToText, markdownToHtml } from './rich-text.ts';

type Needs = Pick<Platform, 'state' | 'url'>;
type Posted<Type> = Extract<PostedContent, { type: Type }>;
type Card = Posted<'carousel'>['items'][number];

/**
 * What was posted, with the read-only fields filled in and plain text beside rich text.
 * @throws ApiError 400 when Markdown becomes more HTML than a message may have.
 */
export function completeContent(needs: Needs, content: PostedContent): Content {
  switch (content.type) {
    case 'text':
      return completeText(content);
    case 'image':
    case 'file':
      return completeMedia(needs, content);
    case 'carousel':
      return { ...content, text: wordCards(content.items), items: content.items.map(nameMedia) };
    case 'list':
      return { ...content, items: content.items.map(nameMedia) };
    case 'location': {
      const { lat, long } = content.coordinates;
      return { ...content, text: wordPlace(lat, long) };
    }
    case 'form':
      return { ...content, submitted: false };
    case 'template':
      return content;
  }
}

function completeText(content: Posted<'text'>): Content {
  const { markdownText: _written, ...rest } = content;
  return { ...rest, ...readRichText(content) };
}

interface RichText {
  text?: string | undefined;
  htmlText?: string | undefined;
  markdownText?: string | undefined;
}

const MAX_HTML = 4096;

/** HTML of Markdown, and plain text of HTML, where none was given. */
function readRichText({ text, htmlText, markdownText }: RichText) {
  const html = htmlText ?? (markdownText === undefined ? undefined : markdownToHtml(markdownText));
  if (html === undefined) return {};
  if (html.length > MAX_HTML) {
    const title = `.content.markdownText: should not be longer than ${MAX_HTML} characters as HTML`;
    throw new ApiError(400, 'bad_request', title);
  }
  return { htmlText: html, text: text ?? htmlToText(html) };
}

/** What is known of a file: of one of ours everything, of another its name. */
function completeMedia(needs: Needs, content: Posted<'image'> | Posted<'file'>): Content {
  const { markdownText: _written, ...rest } = content;
  const own = findByMediaUrl(needs, content.mediaUrl);
  return {
    ...nameMedia(rest),
    ...readRichText(content),
    ...(own && { mediaType: own.mediaType, mediaSize: sizeOf(own), attachmentId: own.id }),
  };
}

/** With the name of the file for those who cannot see it, where nothing else was written. */
function nameMedia<Item extends { mediaUrl?: string | undefined; altText?: string | undefined }>(
  item: Item,
): Item {
  if (item.mediaUrl === undefined || item.altText !== undefined) return item;
  const name = decode(new URL(item.mediaUrl).pathname.split('/').at(-1) ?? '');
  return name === '' ? item : { ...item, altText: altTextOf(name) };
}

/** As it is written where it is no proper encoding: `100%.png`. */
function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** A carousel as text, for channels that have none: numbered, without pictures and postback buttons. */
function wordCards(cards: Card[]): string {
  return cards
    .flatMap(({ title, description, actions }, index) => [
      `${index + 1}. ${title}`,
      ...(description ? [description] : []),
      ...actions.flatMap(wordAction),
    ])
    .join('\n');
}

function wordAction(action: Card['actions'][number]): string[] {
  if (action.type === 'postback') return [];
  if (action.type === 'buy') return [action.text];
  return [`${action.text}: ${action.type === 'webview' ? action.fallback : action.uri}`];
}
