import type { Log } from '../../log.ts';
import type {
  CardAction,
  FileContent,
  ImageContent,
  Item,
  MessageAction,
  TextContent,
} from './content.ts';
import {
  checkFilled,
  checkPayload,
  fitText,
  MAX_LABEL_LENGTH,
  refuse,
} from '../../runtime/messages/outgoing.ts';
import { MAX_TEXT_LENGTH, neutraliseShorthand } from '../../runtime/messages/text.ts';
import type { Upload } from '../../runtime/types.ts';
import {
  checkCount,
  checkLength,
  checkMetadata,
  checkNumber,
  checkUrl,
  MAX_URL_LENGTH,
} from './checks.ts';

type Address = string | Upload;

/** Cards of a carousel, rows of a list, buttons under a list (carouselMessage, listMessage); at least one. */
export const MAX_ITEMS = 10;
/** Buttons of a card (item); at least one. */
const MAX_ITEM_ACTIONS = 3;

export function fitWords(log: Log, words: Pick<TextContent, 'text' | 'htmlText' | 'markdownText'>) {
  const { text, htmlText, markdownText } = words;
  if (htmlText !== undefined && markdownText !== undefined)
    refuse('markdownText', 'stands beside htmlText', 'Zendesk makes one of the other: choose one.');
  const fit = (field: 'htmlText' | 'markdownText', marked: string | undefined) => {
    if (marked === undefined) return {};
    checkLength(field, marked, MAX_TEXT_LENGTH, 'Send it in several messages.');
    return { [field]: neutraliseShorthand(marked) };
  };
  if (text !== undefined) checkFilled('text', text, 'Give it at least a word.');
  return {
    ...(text === undefined ? {} : { text: fitText(log, 'text', text, MAX_TEXT_LENGTH) }),
    ...fit('htmlText', htmlText),
    ...fit('markdownText', markdownText),
  };
}

export function fitMedia(log: Log, media: ImageContent<Address> | FileContent<Address>) {
  checkAddress('mediaUrl', media.mediaUrl);
  return { ...fitWords(log, media), ...fitLabel(log, '', 'altText', media) };
}

export function fitItems(log: Log, items: readonly Item<Address>[]): Item<Address>[] {
  checkCount('items', items, MAX_ITEMS, 'Send the rest as another message.');
  return items.map((item, index) => fitItem(log, `items[${index}]`, item));
}

function fitItem(log: Log, at: string, item: Item<Address>): Item<Address> {
  const { title, mediaUrl, mediaType, metadata, actions } = item;
  checkCount(`${at}.actions`, actions, MAX_ITEM_ACTIONS, 'Use another item for more.');
  checkFilled(`${at}.title`, title, 'Every item needs one.');
  if (mediaUrl !== undefined) checkAddress(`${at}.mediaUrl`, mediaUrl, MAX_URL_LENGTH);
  if (mediaType !== undefined)
    checkLength(`${at}.mediaType`, mediaType, MAX_LABEL_LENGTH, 'It is like image/png.');
  checkMetadata(`${at}.metadata`, metadata);
  return {
    ...item,
    title: fitText(log, `${at}.title`, title, MAX_LABEL_LENGTH),
    ...fitLabel(log, `${at}.`, 'description', item),
    ...fitLabel(log, `${at}.`, 'altText', item),
    ...fitActions(log, actions, `${at}.actions`),
  };
}

function fitLabel<Name extends string>(
  log: Log,
  at: string,
  name: Name,
  { [name]: text }: { [Key in Name]?: string | undefined },
) {
  return text === undefined ? {} : { [name]: fitText(log, at + name, text, MAX_LABEL_LENGTH) };
}

function checkAddress(field: string, address: Address, max?: number): void {
  if (typeof address === 'string') checkUrl(field, address, max);
}

/** Nothing for no list, for a content to be spread into. */
export function fitActions<Action extends MessageAction | CardAction>(
  log: Log,
  actions: readonly Action[] | undefined,
  list = 'actions',
): { actions?: Action[] } {
  if (actions === undefined) return {};
  if (actions.filter((action) => 'openOnReceive' in action && action.openOnReceive).length > 1)
    refuse(list, 'has more than one openOnReceive', 'Only one page can open by itself.');
  if (actions.some(isAnswer) && !actions.every(isAnswer))
    refuse(
      list,
      'has reply or locationRequest beside other types',
      'Zendesk takes these two only among themselves: send the others as another message.',
    );
  return {
    actions: actions.map((action, index) => {
      const at = `${list}[${index}]`;
      checkAction(at, action);
      return { ...action, text: fitText(log, `${at}.text`, action.text, MAX_LABEL_LENGTH) };
    }),
  };
}

/**
 * What the customer sends by it is an answer. "Reply buttons can not be used together with postback buttons or any
 * other button type" (Zendesk, “Postback buttons”), but with a request for a place.
 */
const isAnswer = ({ type }: MessageAction): boolean =>
  type === 'reply' || type === 'locationRequest';

function checkAction(at: string, action: MessageAction): void {
  checkFilled(`${at}.text`, action.text, 'Say what the button does.');
  checkMetadata(`${at}.metadata`, action.metadata);
  switch (action.type) {
    case 'reply':
      if (action.iconUrl !== undefined) checkUrl(`${at}.iconUrl`, action.iconUrl);
      return checkPayload(at, action.payload);
    case 'postback':
      return checkPayload(at, action.payload);
    case 'link':
      return checkUrl(`${at}.uri`, action.uri, MAX_URL_LENGTH);
    case 'webview':
      checkUrl(`${at}.uri`, action.uri, MAX_URL_LENGTH);
      return checkUrl(`${at}.fallback`, action.fallback, MAX_URL_LENGTH);
    case 'buy':
      return checkNumber(`${at}.amount`, action.amount, 1, Number.MAX_SAFE_INTEGER, {
        isWhole: true,
      });
    case 'locationRequest':
      return;
    default: {
      const { type }: { type: unknown } = action;
      refuse(`${at}.type`, `is “${String(type)}”`, 'It says what the button does.');
    }
  }
}
