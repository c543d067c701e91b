import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Core } from '../../core.ts';
import { isForeignKeyViolation } from '../../store/engines/database.ts';
import { readEvents, RefusedDeliveryError, toRows, type DeliveredEvent } from './envelope.ts';
import type { createAcceptor } from './group-commit.ts';
import { findRefusal } from '../event-hooks.ts';
import { findEventType } from '../event-types.ts';
import type { createKeyCheck, KeyProblem } from './webhook-secrets.ts';

const MAX_BODY_BYTES = 1024 * 1024;
/** After refusing a body we go on reading this much, so that the sender gets to see the answer. */
const DRAIN_LIMIT_BYTES = 16 * MAX_BODY_BYTES;
const WEBHOOK_PATH = /^\/webhooks\/([^/?]+)\/?(?:\?.*)?$/;

interface Answer {
  status: number;
  title: string;
  /** In seconds. */
  retryAfter?: number;
}

const ACCEPTED: Answer = { status: 200, title: '' };
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

const KEY_REFUSED: Readonly<Record<KeyProblem, Answer>> = {
  unknown: { status: 404, title: 'No such webhook.' },
  'not-ready': TRY_AGAIN,
  'wrong-key': { status: 401, title: 'The X-API-Key is not the one of this webhook.' },
};

/** The connection ended before the body did. */
class SenderGoneError extends Error {}

export interface ReceiverDeps extends Pick<Core, 'parts' | 'eventTypes' | 'observe' | 'log'> {
  config: Pick<Core['config'], 'keepIgnored'>;
  checkKey: ReturnType<typeof createKeyCheck>;
  accept: ReturnType<typeof createAcceptor>;
  /** False while shutting down. */
  isOpen: () => boolean;
}

/** Acknowledges Zendesk's deliveries, ahead of Express, once they are committed. Returns false for other requests. */
export function receiveDelivery(
  deps: ReceiverDeps,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const id = WEBHOOK_PATH.exec(request.url ?? '')?.[1];
  if (id === undefined) return false;
  if (request.method === 'HEAD') {
    // Zendesk looks whether somebody is here before it creates a webhook: no delivery, and nothing to refuse.
    response.writeHead(200).end();
    return true;
  }
  const { observe, log } = deps;
  /** Is on each line of the log about one delivery. */
  const ids = { requestId: randomUUID(), installationId: id };

  function finish(answer: Answer | undefined): void {
    observe.occur('delivery-answered', { status: answer?.status ?? 'aborted' });
    if (answer === undefined)
      return log.info(ids, 'The sender hung up in the middle of a delivery.');
    respond(response, answer, ids.requestId);
    if (answer !== ACCEPTED) log.info({ ...ids, status: answer.status }, 'A delivery was refused.');
  }

  takeDelivery(deps, request, id)
    .catch((error: unknown) => {
      if (error instanceof SenderGoneError) return undefined;
      if (error instanceof RefusedDeliveryError)
        return { status: error.status, title: error.message };
      // The installation was removed while its delivery was under way.
      if (isForeignKeyViolation(error)) return KEY_REFUSED.unknown;
      log.error({ error, ...ids }, 'A delivery could not be stored; Zendesk will send it again.');
      return TRY_AGAIN;
    })
    .then(finish)
    .catch((error: unknown) => log.error({ error, ...ids }, 'A delivery could not be answered.'));
  return true;
}

/** @throws RefusedDeliveryError, SenderGoneError, and what the database throws. */
async function takeDelivery(
  deps: ReceiverDeps,
  request: IncomingMessage,
  id: string,
): Promise<Answer> {
  if (request.method !== 'POST')
    return { status: 405, title: 'Zendesk posts events here; there is nothing to see.' };
  if (!deps.isOpen()) return TRY_AGAIN;
  const installation = await deps.checkKey(id, request.headers['x-api-key']);
  if (typeof installation === 'string') return KEY_REFUSED[installation];
  const body = await readBody(request);
  const events: DeliveredEvent[] = [];
  for (const event of readEvents(body.toString('utf8')))
    if ((await findRefusal(deps, installation, event)) === undefined) events.push(event);
  const { eventTypes, config } = deps;
  const rows = toRows(id, events, { eventTypes, keepIgnored: config.keepIgnored });
  // What is to be deleted does not stay because much waits, behind which it does not wait itself, nor because nobody
  // knows whether the account has left.
  const jobs = rows.filter((row) => 'run' in (findEventType(eventTypes, row) ?? {}));
  const taken = installation.status === 'active' ? rows : jobs;
  const waiting = taken.length - jobs.length;
  for (const { hasRoom } of deps.parts)
    if (hasRoom && waiting > 0 && !(await hasRoom(id, waiting))) return QUEUE_FULL;
  if (taken.length > 0) await deps.accept(taken);
  deps.observe.occur('events-received', { events: taken });
  return taken.length < rows.length ? TRY_AGAIN : ACCEPTED;
}

/** Too large a body is refused at once; the rest of it is drained, not kept. */
function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (request.destroyed) return reject(new SenderGoneError('The sender hung up at once.'));
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) return void chunks.push(chunk);
      chunks.length = 0;
      reject(new RefusedDeliveryError(413, 'At most 1 MiB per delivery.'));
      if (size > DRAIN_LIMIT_BYTES) request.destroy();
    });
    request.on('end', () =>
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)),
    );
    // Of a request that is being read, nothing but the end of its connection is an error.
    request.on('error', (cause) => reject(new SenderGoneError('The sender hung up.', { cause })));
  });
}

function respond(response: ServerResponse, answer: Answer, requestId: string): void {
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
