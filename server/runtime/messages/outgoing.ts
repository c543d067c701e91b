import { cutText } from '../../text.ts';
import type { Log } from '../../log.ts';
import type { Metadata } from '../../zendesk/conversations.ts';
import type { ReplyButton } from '../types.ts';
import { neutraliseShorthand, splitText } from './text.ts';

// What Zendesk takes, from its OpenAPI file (17.12.1) unless something else is said. It refuses a message
// over one of these as a whole, so what people read is cut, and the author of anything else is told.

/**
 * Characters of a title, a description, an alternative text, and a form's words. The file states none for the
 * text of a button, of which the web widget shows 40 (reply); it has the same here.
 */
export const MAX_LABEL_LENGTH = 128;
/** Bytes of metadata as JSON ("The metadata is limited to 4KB in size"). */
export const MAX_METADATA_BYTES = 4096;
/**
 * Bytes of a message as JSON ("Request Size Limits": 100kb), less room for its author and our metadata.
 * The one limit that payloads have, and the number of buttons under a text.
 */
const MAX_CONTENT_BYTES = 99_000;
/** Characters. Ours: a reason is a sentence. */
const MAX_REASON_LENGTH = 1_000;

/** A text is cut into several messages where it is too long for one; the buttons are under the last. */
export function fitReply(log: Log, text: string, buttons: readonly ReplyButton[]) {
  checkFilled('The text of reply()', text, 'Give it at least a word.');
  const actions = buttons.map((button, index) => fitButton(log, `buttons[${index}]`, button));
  const parts = splitText(neutraliseShorthand(text));
  return parts.map((part, index) => {
    const hasButtons = index === parts.length - 1 && actions.length > 0;
    const content = { type: 'text', text: part, ...(hasButtons ? { actions } : {}) };
    checkSize('reply()', content);
    return content;
  });
}

function fitButton(log: Log, at: string, button: ReplyButton) {
  checkFilled(`${at}.text`, button.text, 'Say what the button does.');
  checkPayload(at, button.payload);
  const text = fitText(log, `${at}.text`, button.text, MAX_LABEL_LENGTH);
  return { type: 'reply', ...button, text };
}

/** A text that is shown: without the platform's commands, and cut where it is too long. */
export function fitText(log: Log, field: string, text: string, limit: number): string {
  const safe = neutraliseShorthand(text);
  if (safe.length <= limit) return safe;
  log.warn({ field, length: text.length }, `${field} was cut to ${limit} characters.`);
  return cutText(safe, limit);
}

/** Like every check of what is sent, throws a RangeError for what cannot be cut and still do the same. */
export function checkFilled(field: string, text: string, advice: string): void {
  checkText(field, text);
  if (text === '') refuse(field, 'is empty', advice);
}

/** Not every bot looks at its types, and what JSON holds is of any. */
function checkText(field: string, text: unknown): void {
  if (typeof text === 'string') return;
  const kind = text === null || text === undefined ? String(text) : `of type ${typeof text}`;
  refuse(field, `is ${kind}`, 'It has to be a text.');
}

export function checkPayload(at: string, payload: string): void {
  checkFilled(`${at}.payload`, payload, 'It tells your bot which button was pressed.');
}

export function checkSize(tool: string, content: object): void {
  const size = sizeOf(content);
  if (size <= MAX_CONTENT_BYTES) return;
  const problem = `has ${size} bytes as JSON; there is room for ${MAX_CONTENT_BYTES}`;
  refuse(`What ${tool} sends`, problem, 'Keep what the payloads hold, and put a short id there.');
}

/** The reason gives way to the metadata, as long as there is room for one character of it. */
export function fitHandOff(log: Log, reason: string, metadata: Metadata): Metadata {
  checkText('The reason of handOff()', reason);
  const longest = cutText(reason, MAX_REASON_LENGTH);
  const join = (limit: number): Metadata => ({ reason: cutText(longest, limit), ...metadata });
  const least = sizeOf(join(1));
  if (least > MAX_METADATA_BYTES) {
    const problem = `has ${least} bytes as JSON with the reason; Zendesk takes ${MAX_METADATA_BYTES}`;
    const advice = 'Keep what is large elsewhere, and send where it is.';
    refuse('The metadata of handOff()', problem, advice);
  }
  let limit = MAX_REASON_LENGTH;
  while (sizeOf(join(limit)) > MAX_METADATA_BYTES) limit -= 1;
  if (reason.length > limit)
    log.warn({ field: 'reason', length: reason.length }, `reason was cut to ${limit} characters.`);
  return join(limit);
}

/** Bytes as JSON. */
export function sizeOf(value: object): number {
  return Buffer.byteLength(JSON.stringify(value));
}

export function refuse(field: string, problem: string, advice: string): never {
  throw new RangeError(`${field} ${problem}. ${advice} Nothing of it was sent.`);
}
