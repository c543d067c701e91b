import type { Body, Call } from '../store/trace-schema.ts';
import { findSecrets } from './find-secrets.ts';
import { disarmMasks, mask } from './mask.ts';

const MAX_BODY_LENGTH = 2_000;
/** Other headers of an answer say nothing about the call, or belong to a session. */
const SHOWN_RESPONSE_HEADERS = ['content-type', 'retry-after', 'x-request-id'];

/** A call as it went over the wire. */
export interface WireCall {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | null;
  answer: { status: number; headers: Headers; body: string | null } | null;
  durationMs: number | null;
}

/**
 * What may be kept of a call: every secret in it masked, wherever it stands, and bodies cut to a size.
 * A secret is found by its name and then hidden by its value, so an answer that repeats it hides it too.
 */
export function redactCall({ method, url, headers, body, answer, durationMs }: WireCall): Call {
  const found = findSecrets({ url, headers, bodies: [body, answer?.body ?? null] });
  const spellings = [...found]
    .flatMap(([secret, name]) => spell(secret).map((spelling) => ({ spelling, mark: mask(name) })))
    // A longer one first: it may contain a shorter one.
    .toSorted((left, right) => right.spelling.length - left.spelling.length);

  function hide(text: string): string {
    return spellings.reduce(
      (hidden, { spelling, mark }) => hidden.replaceAll(spelling, mark),
      disarmMasks(text),
    );
  }

  const shown = SHOWN_RESPONSE_HEADERS.flatMap((name) => {
    const value = answer?.headers.get(name) ?? null;
    return value === null ? [] : [[name, hide(value)]];
  });
  return {
    method,
    url: hide(url),
    requestHeaders: mapValues(headers, hide),
    requestBody: shorten(body, hide),
    status: answer?.status ?? null,
    durationMs,
    responseHeaders: Object.fromEntries(shown),
    responseBody: shorten(answer?.body ?? null, hide),
  };
}

function mapValues(record: Record<string, string>, change: (value: string) => string) {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

function shorten(body: string | null, hide: (text: string) => string): Body | null {
  if (body === null || body === '') return null;
  const text = hide(spellPlainly(body));
  return { text: text.slice(0, MAX_BODY_LENGTH), cut: text.length > MAX_BODY_LENGTH };
}

/** JSON can spell one text in many ways; written anew, a secret in it has only the way we look for. */
function spellPlainly(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body));
  } catch {
    return body;
  }
}

/** As it is, in JSON, and in an address. */
function spell(secret: string): string[] {
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [...new Set([secret, inJson, encodeURIComponent(secret.toWellFormed())])];
}
