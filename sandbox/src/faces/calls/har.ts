import { STATUS_CODES } from 'node:http';
import type { RecordedCall } from '../../operations.ts';

const HIDDEN = '***';
/** What opens something, wherever it stands in a body. */
const SECRETS = new Set(['access_token', 'client_secret', 'refresh_token', 'secret']);
const SECRET_HEADERS = new Set(['authorization', 'cookie', 'set-cookie', 'x-api-key']);

/**
 * Calls as an HTTP Archive, version 1.2, which browsers and tools for APIs open. Tokens and secrets are
 * hidden; what customers wrote is not.
 * @param url Where the sandbox is.
 */
export function toHar(calls: readonly RecordedCall<string>[], url: string) {
  return {
    log: {
      version: '1.2',
      creator: { name: 'Zendesk sandbox', version: '1' },
      entries: calls.map((call) => toEntry(call, url)),
    },
  };
}

function toEntry(call: RecordedCall<string>, url: string) {
  const address = hideInQuery(new URL(call.path, url));
  const type = call.headers['content-type']?.toString();
  const sent = describeBody(hideCode(call.operation, call.body), type);
  const answered = describeBody(call.answer);
  return {
    startedDateTime: new Date(call.startedAt).toISOString(),
    time: call.durationMs,
    request: {
      method: call.method,
      url: address.href,
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: Object.entries(call.headers).flatMap(([name, value]) =>
        [value ?? []].flat().map((one) => ({ name, value: hideHeader(name, one) })),
      ),
      queryString: [...address.searchParams].map(([name, value]) => ({ name, value })),
      ...(sent && { postData: sent }),
      headersSize: -1,
      bodySize: sent ? Buffer.byteLength(sent.text) : 0,
    },
    response: {
      // Never answered.
      status: call.status ?? 0,
      statusText: STATUS_CODES[call.status ?? 0] ?? '',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: answered ? [{ name: 'content-type', value: answered.mimeType }] : [],
      content: {
        size: answered ? Buffer.byteLength(answered.text) : 0,
        mimeType: answered?.mimeType ?? 'x-unknown',
        ...(answered && { text: answered.text }),
      },
      redirectURL: '',
      headersSize: -1,
      bodySize: -1,
    },
    cache: {},
    timings: { send: 0, wait: call.durationMs, receive: 0 },
    // Fields of one's own begin like this.
    _operation: call.operation,
  };
}

/** As it was sent, but in JSON where it came as a form, and without what opens something. */
function describeBody(body: unknown, mimeType = 'text/html') {
  if (body === undefined) return undefined;
  if (typeof body === 'string') return { mimeType, text: body };
  const text = JSON.stringify(body, (name, value: unknown) => (SECRETS.has(name) ? HIDDEN : value));
  return { mimeType: 'application/json', text };
}

/** An authorization code is a secret where it is spent; elsewhere `code` is that of an error. */
function hideCode(operation: string, body: unknown): unknown {
  const isSpent = operation === 'GetToken' && Object.hasOwn(Object(body), 'code');
  return isSpent ? { ...Object(body), code: HIDDEN } : body;
}

/** No call of Zendesk's has any of these in its query, but a bot may put them there by mistake. */
function hideInQuery(address: URL): URL {
  for (const name of [...SECRETS, 'code'])
    if (address.searchParams.has(name)) address.searchParams.set(name, HIDDEN);
  return address;
}

function hideHeader(name: string, value: string): string {
  if (!SECRET_HEADERS.has(name.toLowerCase())) return value;
  if (name.toLowerCase() !== 'authorization') return HIDDEN;
  // The scheme stays; where a bot forgot it there is only the secret.
  return value.replace(/^(\S+ )?.*$/s, `$1${HIDDEN}`);
}
