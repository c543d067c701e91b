import { startSandbox } from '../../src/start-sandbox.ts';
import type { SandboxOptions } from '../../src/start-sandbox.ts';
import { answerSchema } from './answer-schema.ts';
import { checkRecordedCalls } from '../../../test/support/openapi/check.ts';
import { startReceiver } from './start-receiver.ts';

export const CLIENT_ID = 'shop-bot';
export const CLIENT_SECRET = 'shop-secret';

const ALL_TRIGGERS = [
  'conversation:message',
  'conversation:postback',
  'conversation:create',
  'conversation:read',
  'conversation:typing',
  'switchboard:passControl',
  'switchboard:passControl:failure',
  'switchboard:offerControl',
  'switchboard:offerControl:failure',
  'switchboard:acceptControl',
  'switchboard:releaseControl',
];

type Body = Record<string, unknown>;

/** A sandbox, a bot that listens to it, and the calls the bot would make. */
export async function startWorld(options: Partial<SandboxOptions> = {}) {
  const receiver = await startReceiver();
  const sandbox = await startSandbox({ port: 0, timeScale: 0.0001, record: true, ...options });
  const redirectUri = `${receiver.url}/oauth`;
  sandbox.registerClient({
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    name: 'Shop Bot',
    redirectUris: [redirectUri, `${receiver.url}/other`],
    removeUrl: `${receiver.url}/remove`,
  });

  async function request(token: string, method: string, path: string, body?: Body) {
    const response = await fetch(`${sandbox.url}${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const { status, headers } = response;
    return { status, headers, body: answerSchema.parse(await response.json()) };
  }

  /** Installs the bot. Its `call` takes paths relative to the app. */
  function install({ account = 'acme', clientId = CLIENT_ID } = {}) {
    const token = sandbox.control.install({ account, clientId });
    const { appId, legacy } = find(sandbox.control.accounts(), account);
    const host = legacy ? '/legacy' : `/accounts/${account}/sc`;
    return {
      token,
      appId,
      host,
      call: (method: string, path: string, body?: Body) =>
        request(token, method, `${host}/v2/apps/${appId}${path}`, body),
    };
  }

  /** Installs the bot and has it listen to everything. */
  function installListening(account = 'acme', triggers: string[] = ALL_TRIGGERS) {
    const bot = install({ account });
    const target = `${receiver.url}/webhooks/1`;
    const webhook = sandbox.control.addForeignWebhook({
      account,
      clientId: CLIENT_ID,
      target,
      triggers,
    });
    return { ...bot, webhook };
  }

  return {
    ...sandbox,
    receiver,
    redirectUri,
    request,
    install,
    installListening,
    /** What reached the bot, batches taken apart, as it happened: two conversations' events may overtake. */
    async events() {
      await sandbox.control.settled();
      const events = receiver.batches().flatMap((batch) => batch.events);
      return events.toSorted((one, other) => one.createdAt.localeCompare(other.createdAt));
    },
    async close() {
      await sandbox.close();
      await receiver.close();
      checkRecordedCalls(sandbox.control.calls);
      receiver.batches();
    },
  };
}

export type World = Awaited<ReturnType<typeof startWorld>>;

function find<T extends { slug: string }>(accounts: T[], slug: string): T {
  const account = accounts.find((one) => one.slug === slug);
  if (!account) throw new Error(`no account ${slug}`);
  return account;
}
