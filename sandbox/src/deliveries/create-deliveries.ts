import type { Faults } from '../faults/create-faults.ts';
import type { Webhook } from '../state/records.ts';
import type { State } from '../state/state.ts';
import { newId } from '../state/values.ts';
import type { WorldLimits } from '../world-limits.ts';
import { createCancellation } from './create-cancellation.ts';
import { createPendingCount } from './pending-count.ts';
import { ANSWER_TIMEOUT_MS, postJson } from './call-bot.ts';

/** An event as receivers get it. */
export interface PlatformEvent {
  id: string;
  type: string;
  createdAt: string;
  payload: unknown;
}

export interface DeliveryAttempt {
  webhookId: string;
  eventIds: string[];
  /** null: no answer. */
  status: number | null;
  at: string;
}

export interface Publication {
  account: string;
  type: string;
  /**
   * Events of one lane reach a webhook one after the other, retries aside. The platform promises no
   * order; this one makes a calm demo, and the reorder fault breaks it.
   */
  lane: string;
  payload: (webhook: Webhook) => unknown;
}

interface DeliveriesOptions {
  state: State;
  faults: Faults;
  log: (line: string) => void;
  /** Multiplies the waits between attempts. */
  timeScale: number;
  limits: WorldLimits;
  mayCall: (url: string) => boolean;
}

export type Deliveries = ReturnType<typeof createDeliveries>;

export function createDeliveries(options: DeliveriesOptions) {
  const { state, faults, log, timeScale, limits, mayCall } = options;
  const cancellation = createCancellation();
  const pending = createPendingCount();
  const attempts: DeliveryAttempt[] = [];
  const lanes = new Map<string, Promise<unknown>>();
  const held = new Map<string, () => void>();
  /** By webhook: what waits for the next event, to come in one delivery with it. */
  const gathered = new Map<string, PlatformEvent>();

  async function post(url: string, body: object, headers: Record<string, string> = {}) {
    const answer = await cancellation.within(ANSWER_TIMEOUT_MS, (signal) =>
      postJson({ url, headers, body: JSON.stringify(body), signal }),
    );
    return answer?.status ?? null;
  }

  /** Sends once, now. A removed webhook gets nothing any more. */
  async function attempt(webhook: Webhook, events: PlatformEvent[]): Promise<number | null> {
    if (!mayCall(webhook.target)) return null;
    const installation = state.installations.get(webhook.installationId);
    const app = state.accounts.get(installation?.account ?? '');
    const status = await post(
      webhook.target,
      { app: { id: app?.appId }, webhook: { id: webhook.id, version: 'v2' }, events },
      { 'X-API-Key': webhook.secret },
    );
    if (cancellation.isCancelled()) return null;
    const eventIds = events.map((event) => event.id);
    attempts.push({ webhookId: webhook.id, eventIds, status, at: new Date().toISOString() });
    if (attempts.length > limits.deliveryAttempts) attempts.shift();
    if (status !== 200) log(`delivery to ${webhook.target}: ${status ?? 'no answer'}`);
    return status;
  }

  async function retry(webhookId: string, events: PlatformEvent[], firstStatus: number | null) {
    let status = firstStatus;
    for (let made = 1; ; made += 1) {
      const delay = nextRetryDelay(status, made);
      if (delay === undefined || !state.webhooks.has(webhookId)) return;
      await cancellation.pause(delay * timeScale);
      const webhook = state.webhooks.get(webhookId);
      if (!webhook || cancellation.isCancelled()) return;
      status = await attempt(webhook, events);
    }
  }

  async function sendInLane(webhookId: string, lane: string, events: PlatformEvent[]) {
    const key = `${webhookId} ${lane}`;
    const before = lanes.get(key);
    const first = sendAfter(before, webhookId, events);
    lanes.set(key, first);
    const status = await first;
    if (lanes.get(key) === first) lanes.delete(key);
    held.get(webhookId)?.();
    await retry(webhookId, events, status);
  }

  async function sendAfter(
    before: Promise<unknown> | undefined,
    id: string,
    events: PlatformEvent[],
  ) {
    await before;
    const webhook = state.webhooks.get(id);
    return webhook && !cancellation.isCancelled() ? attempt(webhook, events) : null;
  }

  function send(webhookId: string, lane: string, events: PlatformEvent[]) {
    pending.track(sendInLane(webhookId, lane, events));
    if (faults.take('duplicateDelivery')) pending.track(sendInLane(webhookId, lane, events));
  }

  /** At once, or as an armed fault has it: with the next event, or after it. */
  function dispatch(webhookId: string, lane: string, event: PlatformEvent) {
    const earlier = gathered.get(webhookId);
    if (earlier) {
      gathered.delete(webhookId);
      send(webhookId, lane, [earlier, event]);
    } else if (faults.take('batchDeliveries')) {
      gathered.set(webhookId, event);
    } else if (!held.has(webhookId) && faults.take('reorderDeliveries')) {
      held.set(webhookId, () => {
        held.delete(webhookId);
        send(webhookId, lane, [event]);
      });
    } else {
      send(webhookId, lane, [event]);
    }
  }

  return {
    /** Sends the event to every webhook of the account that asked for it. */
    publish({ account, type, lane, payload }: Publication): void {
      for (const webhook of state.webhooks.values()) {
        if (state.installations.get(webhook.installationId)?.account !== account) continue;
        if (!webhook.triggers.includes(type) || !mayCall(webhook.target)) continue;
        const createdAt = new Date().toISOString();
        dispatch(webhook.id, lane, { id: newId(), type, createdAt, payload: payload(webhook) });
      }
    },
    /** Tells the partner that its integration is gone. Sent once: retries are not documented. */
    callRemoveUrl(url: string, body: { appId: string; integrationId: string }): void {
      if (!mayCall(url) || faults.take('loseRemoveCallback')) return;
      pending.track(
        post(url, body).then((status) =>
          log(`remove callback to ${url}: ${status ?? 'no answer'}`),
        ),
      );
    },
    attempt,
    attempts: (): readonly DeliveryAttempt[] => attempts,
    settled: () => pending.settled(),
    stop: () => cancellation.cancel(),
  };
}

/** Waits before attempts two to five: doubling, and together the documented 15 minutes. */
const RETRY_DELAYS_MS = [60_000, 120_000, 240_000, 480_000];

/** The receiver has decided; trying again would not change its mind. From the platform's retry policy. */
const FINAL_STATUSES = new Set([400, 401, 403, 404, 406]);

/**
 * How long to wait before the next attempt, in milliseconds; undefined when there is none.
 * `status` is the last attempt's (null: no answer), `attempts` how many were made.
 */
function nextRetryDelay(status: number | null, attempts: number): number | undefined {
  if (status !== null && ((status >= 200 && status < 300) || FINAL_STATUSES.has(status))) {
    return undefined;
  }
  return RETRY_DELAYS_MS[attempts - 1];
}
