import { createHmac, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { createCancellation } from '../../deliveries/create-cancellation.ts';
import { createPendingCount } from '../../deliveries/pending-count.ts';
import { postJson } from '../../deliveries/call-bot.ts';
import type { Grant } from '../../oauth/token-state.ts';
import type { ZoomApps } from './create-zoom-apps.ts';
import { ZOOM_ACCOUNT_ID } from './users.ts';

interface EventsOptions {
  apps: ZoomApps;
  log: (line: string) => void;
  /** Multiplies the waits between attempts. */
  timeScale: number;
  mayCall: (url: string) => boolean;
}

interface Receiver {
  url: string;
  secretToken: string;
}

export interface EventToSend {
  clientId: string;
  event: string;
  payload: unknown;
  /** When it happened, in epoch milliseconds; default: now. */
  happenedAt?: number;
  /** As the header has it; default: now, in seconds. */
  timestamp?: number;
  /** Signed with another secret. */
  badSignature?: boolean;
}

/** A receiver that takes longer has not answered. */
const ANSWER_TIMEOUT_MS = 3_000;
/** Zoom tries three times more: after 5, 20 and 60 minutes. */
const RETRY_DELAYS_MS = [5 * 60_000, 20 * 60_000, 60 * 60_000];

const proofSchema = z
  .string()
  .transform((text, context) => {
    try {
      const parsed: unknown = JSON.parse(text);
      return parsed;
    } catch {
      context.addIssue('not JSON');
      return z.NEVER;
    }
  })
  .pipe(z.object({ plainToken: z.string(), encryptedToken: z.string() }));

export type ZoomEvents = ReturnType<typeof createZoomEvents>;

/** Signed webhook events to the apps that have an event URL and a secret token. */
export function createZoomEvents({ apps, log, timeScale, mayCall }: EventsOptions) {
  const cancellation = createCancellation();
  const pending = createPendingCount();
  /** Which addresses have proved which token. Zoom asks when one is saved, here it is before the first event. */
  const proven = new Set<string>();

  function findReceiver(clientId: string): Receiver | undefined {
    const { eventUrl: url, secretToken } = apps.findGeneral(clientId) ?? {};
    if (url === undefined || secretToken === undefined || !mayCall(url)) return undefined;
    return { url, secretToken };
  }

  /** Null: no answer. */
  async function post(receiver: Receiver, event: Omit<EventToSend, 'clientId'>) {
    const { event: name, payload, happenedAt = Date.now(), timestamp, badSignature } = event;
    const body = JSON.stringify({ event: name, event_ts: happenedAt, payload });
    const stamp = String(timestamp ?? Math.floor(Date.now() / 1000));
    const secret = badSignature ? `not ${receiver.secretToken}` : receiver.secretToken;
    const signature = signEvent(secret, stamp, body);
    const headers = {
      'Content-Type': 'application/json; charset=utf-8',
      'x-zm-request-timestamp': stamp,
      'x-zm-signature': signature,
    };
    const answer = await cancellation.within(ANSWER_TIMEOUT_MS, (signal) =>
      postJson({ url: receiver.url, headers, body, signal }),
    );
    log(`${name} to ${receiver.url}: ${answer?.status ?? 'no answer'}`);
    return answer;
  }

  /** Whether an address proves that it knows the secret token. */
  async function askForProof(receiver: Receiver): Promise<boolean> {
    const plainToken = randomBytes(16).toString('base64url');
    const event = 'endpoint.url_validation';
    const answer = await post(receiver, { event, payload: { plainToken } });
    const encryptedToken = hmacHex(receiver.secretToken, plainToken);
    const isRight = answer?.status === 200 && isProof(answer.body, { plainToken, encryptedToken });
    if (isRight) proven.add(keyOf(receiver));
    else proven.delete(keyOf(receiver));
    return isRight;
  }

  async function postIfProven(receiver: Receiver, event: EventToSend) {
    if (proven.has(keyOf(receiver)) || (await askForProof(receiver))) return post(receiver, event);
    log(`${receiver.url} gets no events: it has not proved that it knows the secret token`);
    return null;
  }

  async function deliver(event: EventToSend) {
    for (const delay of [0, ...RETRY_DELAYS_MS]) {
      await cancellation.pause(delay * timeScale);
      const receiver = findReceiver(event.clientId);
      if (cancellation.isCancelled() || !receiver) return;
      const status = (await postIfProven(receiver, event))?.status;
      if (status === 200 || status === 204) return;
    }
  }

  return {
    /** Sends once; null: no answer, or nobody to send to. */
    async send(event: EventToSend) {
      const receiver = findReceiver(event.clientId);
      return receiver ? await post(receiver, event) : null;
    },

    /** Tells the app that the user has removed it. */
    sendDeauthorized({ clientId, userId }: Grant): void {
      const happenedAt = Date.now();
      const payload = {
        account_id: ZOOM_ACCOUNT_ID,
        user_id: userId,
        signature: randomBytes(16).toString('hex'),
        deauthorization_time: new Date(happenedAt).toISOString(),
        client_id: clientId,
      };
      pending.track(deliver({ clientId, event: 'app_deauthorized', payload, happenedAt }));
    },

    /** Whether the app's event URL proves that it knows the secret token. */
    async validate(clientId: string): Promise<boolean> {
      const receiver = findReceiver(clientId);
      return receiver !== undefined && (await askForProof(receiver));
    },

    /** Resolves when no event or retry is under way. */
    settled: () => pending.settled(),
    stop: () => cancellation.cancel(),
  };
}

function isProof(body: string, expected: { plainToken: string; encryptedToken: string }) {
  const given = proofSchema.safeParse(body).data;
  return (
    given?.plainToken === expected.plainToken && given.encryptedToken === expected.encryptedToken
  );
}

const keyOf = ({ url, secretToken }: Receiver) => `${url} ${secretToken}`;

function hmacHex(secretToken: string, text: string): string {
  return createHmac('sha256', secretToken).update(text).digest('hex');
}

/** The value of `x-zm-signature`. */
function signEvent(secretToken: string, timestamp: string, body: string): string {
  return `v0=${hmacHex(secretToken, `v0:${timestamp}:${body}`)}`;
}
