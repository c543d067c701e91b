import { randomBytes } from 'node:crypto';
import { callBot } from '../deliveries/call-bot.ts';
import { ApiError } from '../refused.ts';
import type { Installation, Webhook } from '../state/records.ts';
import type { State } from '../state/state.ts';
import { newId } from '../state/values.ts';
import type { Platform } from './create-platform.ts';

/** What a webhook can listen to. Case matters. */
export const triggers = [
  'client:add',
  'client:remove',
  'client:update',
  'conversation:create',
  'conversation:join',
  'conversation:leave',
  'conversation:message',
  'conversation:message:delivery:channel',
  'conversation:message:delivery:failure',
  'conversation:message:delivery:user',
  'conversation:postback',
  'conversation:read',
  'conversation:referral',
  'conversation:remove',
  'conversation:typing',
  'passthrough:messaging',
  'switchboard:acceptControl',
  'switchboard:acceptControl:failure',
  'switchboard:offerControl',
  'switchboard:offerControl:failure',
  'switchboard:passControl',
  'switchboard:passControl:failure',
  'switchboard:releaseControl',
  'user:merge',
  'user:remove',
  'user:update',
] as const;

type WebhookSettings = Pick<
  Webhook,
  'target' | 'triggers' | 'includeFullUser' | 'includeFullSource'
>;

type Changed<T> = { [K in keyof T]?: T[K] | undefined };

const PER_INTEGRATION = 3;
const PER_APP = 10;

type Needs = Pick<Platform, 'state' | 'changes' | 'mayCall'>;

/** Those of one integration: it sees no other's. */
export function listWebhooks({ webhooks }: State, installation: Installation): Webhook[] {
  return [...webhooks.values()].filter((one) => one.installationId === installation.id);
}

/** @throws ApiError 404. */
export function getWebhook({ webhooks }: State, installation: Installation, id: string): Webhook {
  const webhook = webhooks.get(id);
  if (webhook?.installationId === installation.id) return webhook;
  throw new ApiError(404, 'not_found', 'Resource not found');
}

/** Without the checks of `createWebhook`. */
export function addWebhook(
  { state, changes }: Pick<Needs, 'state' | 'changes'>,
  installation: Installation,
  settings: WebhookSettings,
): Webhook {
  const secret = randomBytes(24).toString('base64url');
  const webhook = { ...settings, id: newId(), installationId: installation.id, secret };
  state.webhooks.set(webhook.id, webhook);
  changes.announce({ account: installation.account });
  return webhook;
}

/**
 * The target or its root has to answer, or the platform refuses with nothing but "Bad request". Where
 * nothing may be asked, nothing is.
 */
export async function createWebhook(
  needs: Needs,
  installation: Installation,
  settings: WebhookSettings,
): Promise<Webhook> {
  checkCaps(needs.state, installation);
  const isRefused = needs.mayCall(settings.target) && !(await isReachable(settings.target));
  if (isRefused) throw badRequest('Bad request');
  // Others may have used the room while the probe was under way.
  checkCaps(needs.state, installation);
  return addWebhook(needs, installation, settings);
}

export function updateWebhook(
  { changes }: Pick<Needs, 'changes'>,
  installation: Installation,
  webhook: Webhook,
  settings: Changed<WebhookSettings>,
): void {
  Object.assign(webhook, settings);
  changes.announce({ account: installation.account });
}

export function deleteWebhook(
  { state, changes }: Pick<Needs, 'state' | 'changes'>,
  installation: Installation,
  webhook: Webhook,
): void {
  state.webhooks.delete(webhook.id);
  changes.announce({ account: installation.account });
}

/** Which status a full account gets is not documented; the declared 400 is our choice. */
function checkCaps(state: State, installation: Installation): void {
  if (listWebhooks(state, installation).length >= PER_INTEGRATION) {
    throw badRequest(`An integration is limited to ${PER_INTEGRATION} webhooks`);
  }
  const inApp = [...state.webhooks.values()].filter(
    (webhook) => state.installations.get(webhook.installationId)?.account === installation.account,
  );
  if (inApp.length >= PER_APP) throw badRequest(`An app is limited to ${PER_APP} webhooks`);
}

function badRequest(title: string) {
  return new ApiError(400, 'bad_request', title);
}

const PROBE_TIMEOUT_MS = 5_000;

/**
 * Whether somebody answers as Zendesk asks: "a HTTP HEAD request to the provided URL in order to verify that the
 * domain exists and that there is a service running", and if it fails, "a second request to the domain"
 * (docs.smooch.io, creating and managing apps). A service that knows no HEAD is found out here.
 */
async function isReachable(target: string): Promise<boolean> {
  return (await answersHead(target)) || (await answersHead(new URL('/', target).href));
}

async function answersHead(address: string): Promise<boolean> {
  const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
  const answer = await callBot(address, { method: 'HEAD', signal });
  return answer !== null && answer.status >= 200 && answer.status < 300;
}
