import type { Metadata } from '../../runtime/types.ts';
import {
  checkFilled,
  MAX_LABEL_LENGTH,
  MAX_METADATA_BYTES,
  refuse,
  sizeOf,
} from '../../runtime/messages/outgoing.ts';

/** Characters of an item's image address, and of a link's (Zendesk help, “Using carousels”). */
export const MAX_URL_LENGTH = 2048;

/** Like all checks here, throws a RangeError for what cannot be cut and still do the same. */
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
  refuse(field, problem, 'Keep what is large elsewhere, and put a short id here.');
}
