import { isIP } from 'node:net';
import { noAnswer, type RemoteFetch } from '../../remote-call.ts';
import { readRefusal, RemoteError } from '../../remote-error.ts';
import type { Download, DownloadOptions } from '../../runtime/types.ts';
import { readZendeskForm } from '../../zendesk/errors.ts';

declare module '../../runtime/types.ts' {
  export interface DownloadOptions {
    /** More is refused; 50 MB by default. */
    maxBytes?: number | undefined;
  }

  /** A file that is on its way. */
  export interface Download {
    /** Rejects with a RangeError where the file becomes too large. */
    stream: ReadableStream<Uint8Array>;
    /** As whoever keeps the file says; `application/octet-stream` when nobody does. */
    mediaType: string;
    /** Bytes, where it is said before. */
    size: number | undefined;
    /** All of it, in memory. */
    bytes: () => Promise<Buffer>;
  }
}

const OPERATION = 'DownloadAttachment';
/** "File upload: 50mb" (OpenAPI, Request Size Limits): nobody can have sent more. */
const MAX_BYTES = 50 * 1024 * 1024;
const MAX_REDIRECTS = 3;

/** What a download needs, whatever the account. */
export interface FileAccess {
  fetch: RemoteFetch;
  /** Sent to Zendesk, like the token, and to nobody else. */
  headers: Record<string, string>;
  /** Of accounts without private attachments: their files are in its family of hosts. */
  legacyApiUrl: string;
}

/**
 * Fetches a file whose address came in a message, which means from anybody: only from where the account
 * keeps its files, and with its token only there. @throws RangeError, RemoteError
 */
export async function downloadFile(
  { fetch, headers, legacyApiUrl }: FileAccess,
  account: { baseUrl: string; token: string },
  address: string,
  { maxBytes = MAX_BYTES, signal }: DownloadOptions & { signal: AbortSignal },
): Promise<Download> {
  let url = checkAddress(address, [account.baseUrl, legacyApiUrl]);
  const isPrivate = mayNeedToken(url, account.baseUrl);
  const credentials = { ...headers, Authorization: `Bearer ${account.token}` };
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    signal.throwIfAborted();
    const init = { method: 'GET', redirect: 'manual' as const, signal, isFile: true };
    const sent = fetch(OPERATION, url.href, {
      ...init,
      headers: hop === 0 && isPrivate ? credentials : {},
    });
    const response = await sent.catch((error: unknown) => {
      signal.throwIfAborted();
      throw noAnswer(OPERATION, undefined, error);
    });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status > 399 || location === null)
      return await openFile(response, { maxBytes, sent: [account.token] });
    await response.body?.cancel();
    url = checkTarget(location, url, account.baseUrl);
  }
  throw new RemoteError(OPERATION, { reason: 'redirected too often' });
}

function checkAddress(address: string, [baseUrl, legacyApiUrl]: [string, string]): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url !== undefined && url.username === '' && url.password === '') {
    if (url.origin === new URL(baseUrl).origin) return url;
    // `https://media.smooch.io` is of the family of `https://api.smooch.io`.
    const family = new URL(legacyApiUrl).hostname.replace(/^api\./, '');
    const isOfFamily = url.hostname === family || url.hostname.endsWith(`.${family}`);
    if (isOfFamily && isPublic(url)) return url;
  }
  throw new RangeError(
    `The file is not fetched: ${url?.host || 'its address'} is no place where this account keeps its files.`,
  );
}

/**
 * Files of messages are at `https://{subdomain}.zendesk.com/sc/attachments/…` (OpenAPI UploadAttachment). The
 * rest of that host is the API: whoever writes a message must not choose what of it is read with our token.
 */
function mayNeedToken(url: URL, baseUrl: string): boolean {
  const base = new URL(baseUrl);
  const path = url.pathname;
  const isFile = [base.pathname.replace(/\/$/, ''), ''].some((before) =>
    path.startsWith(`${before}/attachments/`),
  );
  return url.origin === base.origin && isFile && path.split('/').every(isPlain);
}

/** No server can read another path out of it. */
function isPlain(segment: string): boolean {
  try {
    return !/^\.\.?$|[/\\]/.test(decodeURIComponent(segment));
  } catch {
    return false;
  }
}

/** Zendesk says where the file is kept: anywhere on the web, but never inside of the network we are in. */
function checkTarget(location: string, from: URL, baseUrl: string): URL {
  const url = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (url !== undefined && (url.origin === new URL(baseUrl).origin || isPublic(url))) return url;
  throw new RangeError(
    `The file is not fetched: it was redirected to ${url?.host || 'nowhere'}, which is no public https address.`,
  );
}

function isPublic({ protocol, hostname, port }: URL): boolean {
  const isName = hostname.includes('.') && isIP(hostname.replace(/^\[|\]$/g, '')) === 0;
  const isInside = /\.(?:local|internal|localhost|lan|home|corp|intranet)\.?$/.test(hostname);
  return protocol === 'https:' && port === '' && isName && !isInside;
}

async function openFile(
  response: Response,
  { maxBytes, sent }: { maxBytes: number; sent: readonly string[] },
): Promise<Download> {
  if (!response.ok)
    throw await readRefusal(OPERATION, response, { readForm: readZendeskForm, sent });
  const { headers, body } = response;
  // Of what is compressed it is another length.
  const length = headers.has('content-encoding') ? null : headers.get('content-length');
  const size = length === null ? undefined : Number(length);
  if (size !== undefined && size > maxBytes) {
    await body?.cancel();
    throw tooLarge(`has ${size} bytes`, maxBytes);
  }
  const stream = (body ?? new Blob([]).stream()).pipeThrough(limitBytes(maxBytes));
  const mediaType = headers.get('content-type') ?? 'application/octet-stream';
  const bytes = async () => Buffer.from(await new Response(stream).arrayBuffer());
  return { stream, mediaType, size, bytes };
}

function limitBytes(maxBytes: number): TransformStream<Uint8Array, Uint8Array> {
  let read = 0;
  return new TransformStream({
    transform(chunk, controller) {
      read += chunk.length;
      if (read > maxBytes) throw tooLarge('is longer than it may be', maxBytes);
      controller.enqueue(chunk);
    },
  });
}

function tooLarge(problem: string, maxBytes: number): RangeError {
  return new RangeError(`The file ${problem}; download() takes ${maxBytes} bytes here.`);
}
