import { cutText, findCut } from '../text.ts';
import type { Log } from '../log.ts';
import type { CarouselItem, MessageAction, Metadata } from '../zendesk/conversations.ts';

// What Zendesk takes, from its OpenAPI file (17.12.1) unless something else is said. It refuses a message
// over one of these as a whole, so what people read is cut, and the author of anything else is told.

/** Characters of a message (textMessage); longer texts go out in several. */
export const MAX_TEXT_LENGTH = 4096;
/**
 * Characters of a card's title and of its description (item). The file states none for the text of a button,
 * of which the web widget shows 40 (reply); it has the same here.
 */
const MAX_LABEL_LENGTH = 128;
/** Characters of an image's address (item), and of a link's (Zendesk help, “Using carousels”). */
const MAX_URL_LENGTH = 2048;
/** Cards of a carousel (carouselMessage) and buttons of a card (item). At least one of each. */
const MAX_ITEMS = 10;
const MAX_ITEM_ACTIONS = 3;
/** Bytes of metadata as JSON (passControlBody). */
const MAX_METADATA_BYTES = 4096;
/**
 * Bytes of a message as JSON ("Request Size Limits": 100kb), less room for its author and our metadata.
 * The one limit that payloads have, and the number of reply buttons.
 */
const MAX_CONTENT_BYTES = 99_000;
/** Characters. Ours: a reason is a sentence. */
const MAX_REASON_LENGTH = 1_000;

/** Like all functions here, throws a RangeError for what cannot be cut and still do the same. */
export function fitReply(log: Log, parts: readonly string[], actions: readonly MessageAction[]) {
  if (parts.includes('')) refuse('The text of reply()', 'is empty', 'Give it at least a word.');
  const fitting = fitActions(log, 'buttons', actions);
  const contents = parts.map((text, index) => ({
    type: 'text' as const,
    text,
    ...(index === parts.length - 1 && fitting.length > 0 ? { actions: fitting } : {}),
  }));
  for (const content of contents) checkSize('reply()', content);
  return contents;
}

export function fitCarousel(log: Log, items: readonly CarouselItem[]) {
  checkCount('items', items, MAX_ITEMS, 'Send the rest as another carousel.');
  const fitting = items.map((item, index) => fitItem(log, `items[${index}]`, item));
  const content = { type: 'carousel' as const, items: fitting };
  checkSize('replyCarousel()', content);
  return content;
}

function fitItem(log: Log, field: string, item: CarouselItem): CarouselItem {
  const { title, description, mediaUrl, actions } = item;
  checkCount(`${field}.actions`, actions, MAX_ITEM_ACTIONS, 'Use another card for more.');
  if (mediaUrl !== undefined) checkUrl(`${field}.mediaUrl`, mediaUrl);
  if (title === '') refuse(`${field}.title`, 'is empty', 'Every card needs one.');
  return {
    ...item,
    title: fitText(log, `${field}.title`, title, MAX_LABEL_LENGTH),
    ...(description === undefined
      ? {}
      : { description: fitText(log, `${field}.description`, description, MAX_LABEL_LENGTH) }),
    actions: fitActions(log, `${field}.actions`, actions),
  };
}

function fitActions<Action extends MessageAction>(
  log: Log,
  list: string,
  actions: readonly Action[],
): Action[] {
  return actions.map((action, index) => {
    const field = `${list}[${index}]`;
    if (action.text === '') refuse(`${field}.text`, 'is empty', 'Say what the button does.');
    if (action.type === 'link') checkUrl(`${field}.uri`, action.uri);
    else if (action.payload === '')
      refuse(`${field}.payload`, 'is empty', 'It tells your bot which button was pressed.');
    return { ...action, text: fitText(log, `${field}.text`, action.text, MAX_LABEL_LENGTH) };
  });
}

/** The reason gives way to the metadata, as long as there is room for one character of it. */
export function fitHandOff(log: Log, reason: string, metadata: Metadata): Metadata {
  const longest = cutText(reason, MAX_REASON_LENGTH);
  const join = (limit: number): Metadata => ({ reason: cutText(longest, limit), ...metadata });
  const least = sizeOf(join(1));
  if (least > MAX_METADATA_BYTES) {
    const problem = `has ${least} bytes as JSON with the reason; Zendesk takes ${MAX_METADATA_BYTES}`;
    refuse('The metadata of handOff()', problem, 'Keep what is large, and send where it is.');
  }
  let limit = MAX_REASON_LENGTH;
  while (sizeOf(join(limit)) > MAX_METADATA_BYTES) limit -= 1;
  fitText(log, 'reason', reason, limit);
  return join(limit);
}

function fitText(log: Log, field: string, text: string, limit: number): string {
  if (text.length <= limit) return text;
  log.warn({ field, length: text.length }, `${field} was cut to ${limit} characters.`);
  return cutText(text, limit);
}

function checkCount(field: string, list: readonly unknown[], max: number, advice: string): void {
  if (list.length >= 1 && list.length <= max) return;
  refuse(field, `has ${list.length} entries; Zendesk takes 1 to ${max}`, advice);
}

function checkUrl(field: string, url: string): void {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    refuse(field, 'is no http or https address', 'Write it in full, with https:// at its start.');
  if (url.length <= MAX_URL_LENGTH) return;
  const problem = `has ${url.length} characters; Zendesk takes ${MAX_URL_LENGTH}`;
  refuse(field, problem, 'Use a shorter address that leads there.');
}

function checkSize(tool: string, content: object): void {
  const size = sizeOf(content);
  if (size <= MAX_CONTENT_BYTES) return;
  const problem = `has ${size} bytes as JSON; there is room for ${MAX_CONTENT_BYTES}`;
  refuse(`What ${tool} sends`, problem, 'Keep what the payloads hold, and put a short id there.');
}

function sizeOf(value: object): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function refuse(field: string, problem: string, advice: string): never {
  throw new RangeError(`${field} ${problem}. ${advice} Nothing of it was sent.`);
}

/**
 * Cuts a text into parts of at most `limit` UTF-16 units: at a line break or space where one is near,
 * never inside a character.
 */
export function splitText(text: string, limit: number = MAX_TEXT_LENGTH): string[] {
  if (text.length <= limit) return [text];
  const cut = findPlaceToCut(text, limit);
  return [text.slice(0, cut), ...splitText(text.slice(cut), limit)];
}

function findPlaceToCut(text: string, limit: number): number {
  const nearEnough = Math.floor(limit * 0.8);
  for (const separator of ['\n', ' ']) {
    const at = text.lastIndexOf(separator, limit - 1);
    if (at >= nearEnough) return at + 1;
  }
  return findCut(text, limit);
}

const ZERO_WIDTH_SPACE = '\u200b';

/**
 * The platform executes `%((…))%`, `&((…))&` and `%[…]%` inside business messages: a customer who gets
 * quoted could pass control with it. A zero-width space keeps the text readable and the command dead.
 */
export function neutraliseShorthand(text: string): string {
  return text.replace(/([%&])(?=\(\()|%(?=\[)/g, `$&${ZERO_WIDTH_SPACE}`);
}
