import { cutText } from '../../text.ts';
import type { Log } from '../../log.ts';
import type { Metadata } from '../../zendesk/content.ts';
import { neutraliseShorthand } from './text.ts';

// What Zendesk takes, from its OpenAPI file (17.12.1) unless something else is said. It refuses a message
// over one of these as a whole, so what people read is cut, and the author of anything else is told.

/**
 * Characters of a title, a description, an alternative text, and a form's words. The file states none for the
 * text of a button, of which the web widget shows 40 (reply); it has the same here.
 */
export const MAX_LABEL_LENGTH = 128;
/** Characters of an item's image address, and of a link's (Zendesk help, “Using carousels”). */
export const MAX_URL_LENGTH = 2048;
/** Bytes of metadata as JSON ("The metadata is limited to 4KB in size"). */
const MAX_METADATA_BYTES = 4096;
/**
 * Bytes of a message as JSON ("Request Size Limits": 100kb), less room for its author and our metadata.
 * The one limit that payloads have, and the number of buttons under a text.
 */
const MAX_CONTENT_BYTES = 99_000;
/** Characters. Ours: a reason is a sentence. */
const MAX_REASON_LENGTH = 1_000;

/** A text that is shown: without the platform's commands, and cut where it is too long. */
export function fitText(log: Log, field: string, text: string, limit: number): string {
  const safe = neutraliseShorthand(text);
  if (safe.length <= limit) return safe;
  log.warn({ field, length: text.length }, `${field} was cut to ${limit} characters.`);
  return cutText(safe, limit);
}

/** Like all checks here, throws a RangeError for what cannot be cut and still do the same. */
export function checkFilled(field: string, text: string, advice: string): void {
  if (text === '') refuse(field, 'is empty', advice);
}

export function checkLength(field: string, text: string, max: number, advice: string): void {
  checkFilled(field, text, advice);
  if (text.length > max)
    refuse(field, `has ${text.length} characters; Zendesk takes ${max}`, advice);
}

export function checkCount(
  field: string,
  list: readonly unknown[],
  max: number,
  advice: string,
): void {
  if (list.length >= 1 && list.length <= max) return;
  refuse(field, `has ${list.length} entries; Zendesk takes 1 to ${max}`, advice);
}

export function checkNumber(
  field: string,
  value: number,
  min: number,
  max: number,
  { isWhole = false } = {},
): void {
  if (value >= min && value <= max && (!isWhole || Number.isInteger(value))) return;
  const taken = isWhole ? `a whole number from ${min} to ${max}` : `${min} to ${max}`;
  refuse(field, `is ${value}; Zendesk takes ${taken}`, 'Look at where it comes from.');
}

export function checkUrl(field: string, url: string, max = Infinity): void {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    refuse(field, 'is no http or https address', 'Write it in full, with https:// at its start.');
  if (url.length > max)
    refuse(
      field,
      `has ${url.length} characters; Zendesk takes ${max}`,
      'Use a shorter address that leads there.',
    );
}

/** The names under which an answer is found again. */
export function checkNames(list: string, entries: readonly { name: string }[]): void {
  const seen = new Set<string>();
  for (const [index, { name }] of entries.entries()) {
    const field = `${list}[${index}].name`;
    checkLength(field, name, MAX_LABEL_LENGTH, 'It names what the customer answered.');
    if (seen.has(name)) refuse(field, 'is there already', 'Give each a name of its own.');
    seen.add(name);
  }
}

/** `reserved`: bytes that something else needs. */
export function checkMetadata(field: string, metadata: Metadata | undefined, reserved = 0): void {
  const size = metadata === undefined ? 0 : sizeOf(metadata);
  const max = MAX_METADATA_BYTES - reserved;
  if (size <= max) return;
  const problem = `has ${size} bytes as JSON; there is room for ${max}`;
  refuse(field, problem, 'Keep what is large, and put a short id there.');
}

export function checkSize(tool: string, content: object): void {
  const size = sizeOf(content);
  if (size <= MAX_CONTENT_BYTES) return;
  const problem = `has ${size} bytes as JSON; there is room for ${MAX_CONTENT_BYTES}`;
  refuse(`What ${tool} sends`, problem, 'Keep what the payloads hold, and put a short id there.');
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
  if (reason.length > limit)
    log.warn({ field: 'reason', length: reason.length }, `reason was cut to ${limit} characters.`);
  return join(limit);
}

function sizeOf(value: object): number {
  return Buffer.byteLength(JSON.stringify(value));
}

export function refuse(field: string, problem: string, advice: string): never {
  throw new RangeError(`${field} ${problem}. ${advice} Nothing of it was sent.`);
}
