import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isSameSecret } from '../secrets.ts';
import type { Log } from '../log.ts';
import type { Observe } from '../observe.ts';
import { InstallationGoneError, type AcceptEvents } from './create-acceptor.ts';
import type { Hook, HookLookup } from './create-hook-lookup.ts';
import type { HasRoom } from './create-queue-limit.ts';
import type { IsRemoved } from './drop-removed.ts';
import { readEvents, RefusedDeliveryError, toRows, type DeliveredEvent } from './envelope.ts';
import { BodyTooLargeError, readBody, SenderGoneError } from './read-body.ts';

const MAX_BODY_BYTES = 1024 * 1024;
const HOOK_PATH = /^\/webhooks\/([^/?]+)\/?(?:\?.*)?$/;

interface Answer {
  status: number;
  title: string;
  /** In seconds. */
  retryAfter?: number;
}

const ACCEPTED: Answer = { status: 200, title: '' };

/** By which the lines of the log about one delivery are found. */
interface Ids {
  requestId: string;
  installationId: string;
}

/** "Zendesk retries anything but 400, 401, 403, 404 and 406" (OpenAPI Webhooks, retry policy). */
const TRY_AGAIN: Answer = {
  status: 503,
  title: 'Not able to take this now, please send it again.',
  retryAfter: 5,
};

/** The next of Zendesk's attempts come after minutes anyway. */
const QUEUE_FULL: Answer = {
  status: 503,
  title: 'Too many events of this account wait already, please send it again later.',
  retryAfter: 60,
};

/**
 * Zendesk's deliveries, ahead of Express: check the key, read, parse, commit, and only then acknowledge.
 * Returns false for requests that are not for it.
 */
export function createReceiver(options: {
  hooks: HookLookup;
  hasRoom: HasRoom;
  accept: AcceptEvents;
  isRemoved: IsRemoved;
  keepIgnored: boolean;
  /** False while shutting down. */
  isOpen: () => boolean;
  observe: Pick<Observe, 'occur'>;
  log: Log;
}) {
  const { hooks, hasRoom, accept, isOpen, observe, log } = options;

  async function receive(request: IncomingMessage, id: string): Promise<Answer> {
    if (request.method !== 'POST') {
      return { status: 405, title: 'Zendesk posts events here; there is nothing to see.' };
    }
    if (!isOpen()) return TRY_AGAIN;
    const refusal = await checkKey(request, id);
    if (refusal !== undefined) return refusal;
    const body = await readBody(request, MAX_BODY_BYTES);
    const events = await withoutRemoved(id, readEvents(body.toString('utf8')));
    const rows = toRows(id, events, { keepIgnored: options.keepIgnored });
    if (rows.length > 0 && !(await hasRoom(id, rows.length))) return QUEUE_FULL;
    if (rows.length > 0) await accept(rows);
    observe.occur('events-received', { events: rows });
    return ACCEPTED;
  }

  /** What is delivered late of a customer who was deleted is acknowledged, and that is all. */
  async function withoutRemoved(id: string, events: DeliveredEvent[]): Promise<DeliveredEvent[]> {
    const hook = await hooks.find(id);
    if (hook.state !== 'ready' || hook.lastRemovalAt === null) return events;
    const kept = [];
    for (const event of events)
      if (!(await options.isRemoved({ id, last_removal_at: hook.lastRemovalAt }, event)))
        kept.push(event);
    return kept;
  }

  async function checkKey(request: IncomingMessage, id: string): Promise<Answer | undefined> {
    const key = request.headers['x-api-key'];
    const matches = (hook: Hook) =>
      hook.state === 'ready' && typeof key === 'string' && isOneOf(key, hook.secrets);
    let hook = await hooks.find(id);
    if (hook.state === 'ready' && !matches(hook)) hook = await hooks.findAfterMismatch(id, matches);
    if (hook.state === 'unknown') return { status: 404, title: 'No such webhook.' };
    if (hook.state === 'not-ready') return TRY_AGAIN;
    return matches(hook)
      ? undefined
      : { status: 401, title: 'The X-API-Key is not the one of this webhook.' };
  }

  /** Undefined when nobody is left to answer. */
  function explainFailure(error: unknown, ids: Ids): Answer | undefined {
    if (error instanceof SenderGoneError) return undefined;
    if (error instanceof BodyTooLargeError)
      return { status: 413, title: 'At most 1 MiB per delivery.' };
    if (error instanceof RefusedDeliveryError)
      return { status: error.status, title: error.message };
    if (error instanceof InstallationGoneError) return { status: 404, title: 'No such webhook.' };
    log.error({ error, ...ids }, 'A delivery could not be stored; Zendesk will send it again.');
    return TRY_AGAIN;
  }

  function finish(response: ServerResponse, answer: Answer | undefined, ids: Ids): void {
    observe.occur('delivery-answered', { status: answer?.status ?? 'aborted' });
    if (answer === undefined) log.info(ids, 'The sender hung up in the middle of a delivery.');
    else respond(response, answer, ids);
    if (answer !== undefined && answer !== ACCEPTED)
      log.info({ ...ids, status: answer.status }, 'A delivery was refused.');
  }

  return function handle(request: IncomingMessage, response: ServerResponse): boolean {
    const id = HOOK_PATH.exec(request.url ?? '')?.[1];
    if (id === undefined) return false;
    const ids = { requestId: randomUUID(), installationId: id };
    receive(request, id)
      .catch((error: unknown) => explainFailure(error, ids))
      .then((answer) => finish(response, answer, ids))
      .catch((error: unknown) => log.error({ error, ...ids }, 'A delivery could not be answered.'));
    return true;
  };
}

function respond(response: ServerResponse, answer: Answer, { requestId }: Ids): void {
  if (response.destroyed) return;
  const body = answer === ACCEPTED ? '{}' : JSON.stringify({ error: answer.title });
  response.writeHead(answer.status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    ...(answer === ACCEPTED ? {} : { 'X-Request-Id': requestId }),
    ...(answer.retryAfter === undefined ? {} : { 'Retry-After': `${answer.retryAfter}` }),
    ...(answer.status === 405 ? { Allow: 'POST' } : {}),
  });
  response.end(body);
}

/** Every secret is compared, so that time tells nothing but the length, which is always the same. */
function isOneOf(key: string, secrets: readonly string[]): boolean {
  return secrets.filter((secret) => isSameSecret(key, secret)).length > 0;
}
