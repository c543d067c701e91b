import { z } from 'zod';
import { parseJson } from '../../parse-json.ts';
import { splitAtMasks } from './secrets.ts';
import type { Call } from './traces.ts';

/**
 * Whatever means something to a shell, be it bash, cmd.exe or PowerShell (which takes typographic quotes
 * for quotes), or to a terminal.
 */
const LOUD = /['"&|<>^%!$`\\\p{Cc}\p{Cs}\u2018-\u201f\u2028-\u202e\u2066-\u2069]/gu;
/** As tracer.ts describes a form. */
export const FORM = 'multipart/form-data';
const Form = z.object({ source: z.object({ mediaType: z.string() }) });
const ANY_TYPE = 'application/octet-stream';

const STRING_IN_JSON = /"(?:[^"\\]|\\.)*"/g;
const UNSAFE_IN_URL = /[^\w\-.~:/?#[\]@&=+,;%]/gu;

/**
 * The call as a command for bash, in which a variable such as `$TOKEN` stands for each secret. What
 * customers wrote is spelt so that no other shell finds anything in it to run, either.
 */
export function toCurl({ method, url, requestHeaders, requestBody }: Call): string {
  const parts = ['curl'];
  if (method !== 'GET') parts.push(`-X ${method}`);
  // Or curl takes the brackets of `filter[userId]` for a range of addresses.
  if (url.includes('[')) parts.push('--globoff');
  parts.push(quote(url, quoteUrl));
  const isForm = requestHeaders['Content-Type'] === FORM;
  // Curl itself says what divides the parts of a form.
  const headers = Object.entries(requestHeaders)
    .filter(([, value]) => !isForm || value !== FORM)
    .map(([name, value]) => `-H ${quote(`${name}: ${value}`, quoteText)}`);
  const data = isForm ? toForm(requestBody) : toData(requestBody);
  return [parts.join(' '), ...headers, ...data].join(' \\\n  ');
}

/** The file itself is not kept: whoever runs it gives one. */
function toForm(body: Call['requestBody']): string[] {
  // Of a long name the text may be cut.
  const type = Form.safeParse(parseJson(body?.text ?? '')).data?.source.mediaType ?? ANY_TYPE;
  return [`--form ${quote(`source=@file;type=${type}`, quoteText)}`];
}

function toData(body: Call['requestBody']): string[] {
  if (body === null) return [];
  if (body.cut) return ['--data @body.json'];
  const quoted = isJson(body.text)
    ? quote(muffle(body.text), (part) => `'${part}'`)
    : quote(body.text, quoteText);
  return [`--data-raw ${quoted}`];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The same JSON, with every loud character of its strings as an escape. */
function muffle(json: string): string {
  return json.replaceAll(STRING_IN_JSON, (literal) => {
    const text = String(JSON.parse(literal));
    return `"${text.replaceAll(LOUD, escapeForJson)}"`;
  });
}

function escapeForJson(character: string): string {
  return String.raw`\u` + character.charCodeAt(0).toString(16).padStart(4, '0');
}

/** Only masks become variables: no shell runs anything in the quotes around the rest. */
function quote(text: string, quotePart: (part: string) => string): string {
  return splitAtMasks(text)
    .map((part, index) => (index % 2 === 0 ? part && quotePart(part) : `"$${part}"`))
    .join('');
}

/** In double quotes, which cmd.exe knows, too; what they would not hold is percent-encoded. */
function quoteUrl(text: string): string {
  return `"${text.replaceAll(UNSAFE_IN_URL, (character) => toBytes('%', character))}"`;
}

function quoteText(text: string): string {
  const muffled = text.replaceAll(LOUD, (character) => toBytes(String.raw`\x`, character));
  return muffled === text ? `'${text}'` : `$'${muffled}'`;
}

/** Its bytes in UTF-8, each with the prefix in front. */
function toBytes(prefix: string, character: string): string {
  const bytes = Array.from(Buffer.from(character), (byte) => byte.toString(16).padStart(2, '0'));
  return bytes.map((byte) => prefix + byte.toUpperCase()).join('');
}
