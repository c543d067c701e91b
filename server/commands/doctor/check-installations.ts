import type { Config } from '../../config/load-config.ts';
import { features } from '../../features.ts';
import { collectEventTypes, listTriggers } from '../../inbox/event-types.ts';
import { UNDOCUMENTED } from '../../installations/install/token.ts';
import { webhookTarget } from '../../installations/webhook/reconcile.ts';
import type { CommandDatabase } from '../engine-commands.ts';
import { isRetryable, isTokenRejected, RemoteError } from '../../remote-error.ts';
import type { Installation } from '../../store/schema.ts';
import { ACCESS_TOKEN, createSecretStore, installationOwner } from '../../store/secrets/secrets.ts';
import { createVault, type EncryptionKey } from '../../store/secrets/vault.ts';
import { createClient } from '../../zendesk/client.ts';
import { apiBaseUrl } from '../../zendesk/urls.ts';
import type { Webhook } from '../../zendesk/webhooks.ts';
import { connectDoctor } from './check-zendesk.ts';
import { advice, type Finding, ok, problem } from './finding.ts';

const AT_ONCE = 8;
const FIX_WEBHOOK =
  'Restart the app, or choose “Check webhook again” in the settings of the account.';

/** Asks Zendesk about the token and the webhook of every installation. */
export async function checkInstallations(options: {
  database: CommandDatabase;
  config: Config;
  keys: readonly EncryptionKey[];
  timeoutMs: number;
}): Promise<Finding[]> {
  const { database, config, keys, timeoutMs } = options;
  const secrets = createSecretStore({ database, vault: createVault(keys), now: Date.now });
  const { call, getTokenInfo } = connectDoctor(config, timeoutMs);

  async function judge(installation: Installation): Promise<Finding> {
    const name = describe(installation);
    const owner = installationOwner(installation.id);
    const token = await secrets.get(owner, ACCESS_TOKEN).catch(() => undefined);
    if (token === undefined) {
      const text = `${name}: its token cannot be read.`;
      return problem('token', text, 'See to the encryption keys, or connect the account again.');
    }
    const app = await getTokenInfo(token).catch((error: unknown) => {
      if (!isTokenRejected(error)) throw error;
    });
    if (app === undefined) {
      const text = `${name}: Zendesk no longer accepts its token, so the bot was removed there.`;
      return problem('token', text, `Connect it again at ${config.publicUrl}/install.`);
    }
    // A running app follows an account that was renamed by itself; the doctor changes nothing.
    const baseUrl = apiBaseUrl(config.zendesk, app.subdomain ?? installation.subdomain);
    const { webhooks } = createClient(call, { baseUrl, appId: app.id, token });
    return judgeWebhook({ name, installation, publicUrl: config.publicUrl }, await webhooks.list());
  }

  /** What Zendesk refuses for one account says nothing about the others. */
  async function judgeAlone(installation: Installation): Promise<Finding> {
    try {
      return await judge(installation);
    } catch (error) {
      if (!(error instanceof RemoteError) || isRetryable(error)) throw error;
      const text = `${describe(installation)}: Zendesk refused (${error.message}).`;
      return problem(
        'webhook',
        text,
        'Open the settings of the account and choose “Check webhook again”.',
      );
    }
  }

  const all = database.kysely.selectFrom('installations').selectAll();
  const installations = await all.orderBy('created_at').orderBy('id').execute();
  const active = installations.filter(({ status }) => status === 'active');
  const revoked = installations.filter(({ status }) => status === 'revoked').map(reportRevoked);
  if (active.length === 0) return [...revoked, ok('installations', 'None is active yet.')];
  const judged: Finding[] = [];
  for (let start = 0; start < active.length; start += AT_ONCE) {
    try {
      judged.push(...(await Promise.all(active.slice(start, start + AT_ONCE).map(judgeAlone))));
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error;
      const what = error.status === undefined ? 'gave no usable answer' : 'refused';
      const text = `Zendesk ${what} (${error.message}) after ${start} of ${active.length}.`;
      judged.push(problem('installations', text, 'Run the doctor again in a moment.'));
      break;
    }
  }
  const good = judged.filter(({ status }) => status === 'ok').length;
  return [
    ok(
      'installations',
      `${good} of ${active.length} have a valid token and a webhook that points here.`,
    ),
    ...judged.filter(({ status }) => status !== 'ok'),
    ...(await reportUndocumented(database)),
    ...revoked,
  ];
}

/** What Zendesk sent along with a token, against its documentation. */
async function reportUndocumented(database: CommandDatabase): Promise<Finding[]> {
  const rows = await database.kysely
    .selectFrom('secrets')
    .select('field')
    .distinct()
    .where('installation_id', 'is not', null)
    .where('field', 'in', UNDOCUMENTED)
    .execute();
  const members = UNDOCUMENTED.filter((member) => rows.some(({ field }) => field === member));
  if (members.length === 0) return [];
  const text = `Zendesk now sends ${members.join(' and ')} with its tokens. It is kept, and nothing uses it yet.`;
  return [advice('token', text, 'Look for a newer version of this app, which renews tokens.')];
}

function reportRevoked(installation: Installation): Finding {
  const text = `${describe(installation)}: the bot was removed at Zendesk.`;
  return advice('token', text, 'Connect it again, or disconnect it on its page.');
}

function describe({ display_name: name, subdomain }: Installation): string {
  return subdomain === null ? name : `${name} (${subdomain})`;
}

/** Targets are shown without their path: it is what keeps strangers from finding it. */
function judgeWebhook(
  about: { name: string; installation: Installation; publicUrl: string },
  existing: readonly Webhook[],
): Finding {
  const { name, installation, publicUrl } = about;
  const target = webhookTarget(publicUrl, installation.id);
  const ours = existing.find((webhook) => webhook.target === target);
  if (ours !== undefined) {
    const wanted = listTriggers(collectEventTypes(features));
    const missing = wanted.filter((trigger) => !ours.triggers.includes(trigger));
    if (missing.length === 0) return ok('webhook', `${name}: registered and points here.`);
    return problem('webhook', `${name}: the webhook lacks ${missing.join(', ')}.`, FIX_WEBHOOK);
  }
  const moved = existing.find(({ id }) => id === installation.webhook_id);
  if (moved === undefined)
    return problem('webhook', `${name}: no webhook points here.`, FIX_WEBHOOK);
  const elsewhere = URL.canParse(moved.target) ? new URL(moved.target).origin : 'something else';
  return problem(
    'webhook',
    `${name}: the webhook points to ${elsewhere}, not to ${publicUrl}.`,
    FIX_WEBHOOK,
  );
}
