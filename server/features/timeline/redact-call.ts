import { findCut } from '../../text.ts';
import { nameSecret } from '../shared/secret-names.ts';
import { disarmMasks, findSecrets, mask } from './secrets.ts';
import type { Body, Call } from './traces.ts';

const MAX_BODY_LENGTH = 2_000;
/** Other headers of an answer say nothing about the call, or belong to a session. */
const SHOWN_RESPONSE_HEADERS = ['content-type', 'retry-after', 'x-request-id'];

/** A call as it went over the wire. */
export interface WireCall {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | null;
  answer: { status: number; headers: Pick<Headers, 'get'>; body: string | null } | null;
  durationMs: number | null;
}

/**
 * What may be kept of a call: every secret in it masked, wherever it stands, and bodies cut to a size.
 * A secret is found by its name and then hidden by its value, so an answer that repeats it hides it too.
 */
export function redactCall({ method, url, headers, body, answer, durationMs }: WireCall): Call {
  const bodies = [body, answer?.body ?? null];
  const { found, isComplete } = findSecrets({ url, headers, bodies });
  const hide = createHide(found);
  const keep = (text: string | null) => (isComplete ? shorten(text, hide) : conceal(text));

  const shown = SHOWN_RESPONSE_HEADERS.flatMap((name) => {
    const value = answer?.headers.get(name) ?? null;
    return value === null ? [] : [[name, hide(value)]];
  });
  return {
    method,
    url: hide(url),
    requestHeaders: mapValues(headers, hide),
    requestBody: keep(body),
    status: answer?.status ?? null,
    durationMs,
    responseHeaders: Object.fromEntries(shown),
    responseBody: keep(answer?.body ?? null),
  };
}

/** All in one pass: a mask is not searched again, however short a secret is. */
function createHide(found: Map<string, string>): (text: string) => string {
  const marks = new Map(
    [...found].flatMap(([secret, name]) =>
      spell(secret).map((spelling) => [disarmMasks(spelling), mask(name)] as const),
    ),
  );
  if (marks.size === 0) return disarmMasks;
  // A longer one first: it may contain a shorter one.
  const longestFirst = [...marks.keys()].toSorted((left, right) => right.length - left.length);
  const anyOfThem = new RegExp(longestFirst.map(escapePattern).join('|'), 'g');
  return (text) => disarmMasks(text).replace(anyOfThem, (spelling) => marks.get(spelling) ?? '');
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}

function mapValues(record: Record<string, string>, change: (value: string) => string) {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

function shorten(body: string | null, hide: (text: string) => string): Body | null {
  if (body === null || body === '') return null;
  const text = hide(spellPlainly(body));
  return {
    text: text.slice(0, findCut(text, MAX_BODY_LENGTH)),
    cut: text.length > MAX_BODY_LENGTH,
  };
}

function conceal(body: string | null): Body | null {
  return body === null || body === '' ? null : { text: mask('BODY'), cut: false };
}

/**
 * JSON can spell one text in many ways; written anew, a secret in it has only the way we look for. One
 * that is no text is not looked for, but goes where its name is.
 */
function spellPlainly(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body, hideOddSecrets));
  } catch {
    return body;
  }
}

function hideOddSecrets(name: string, value: unknown): unknown {
  const isOdd = typeof value !== 'string' && value !== null;
  return isOdd && nameSecret(name) !== undefined ? '[hidden]' : value;
}

/** As it is, in JSON, and in an address. */
function spell(secret: string): string[] {
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [...new Set([secret, inJson, encodeURIComponent(secret.toWellFormed())])];
}
