import type { Config } from '../../config/load-config.ts';
import type { KnownSecrets } from '../../config/load-secrets.ts';
import { findSecrets } from '../find-secrets.ts';
import { examinePublicAddress } from './check-address.ts';
import { checkClockOf } from './check-clock.ts';
import { checkConfiguration, checkOutgoingProxy, checkNodeVersion } from './check-configuration.ts';
import { checkDataFolder, examineDatabase } from './check-database.ts';
import { checkMarketplace } from './check-marketplace.ts';
import { checkZendesk } from './check-zendesk.ts';
import { commandsOf } from '../open-beside-app.ts';
import { collectFindings, type Finding, skipped } from './finding.ts';

export interface DoctorOptions {
  environment: Record<string, string | undefined>;
  /** What loadEnvFile found. */
  fileProblems?: readonly string[];
  /** What findCut found. */
  cut?: readonly string[];
  /** `usesEnvProxy`: Node was started with NODE_USE_ENV_PROXY. */
  node: { running: string; required: string; usesEnvProxy: boolean };
  /** For each answer that is waited for. */
  timeoutMs: number;
  now: () => number;
}

/** Looks at everything and changes nothing; the app may be running or not. */
export async function runDoctor(options: DoctorOptions): Promise<Finding[]> {
  const { environment, fileProblems, cut } = options;
  const { config, findings } = checkConfiguration(environment, fileProblems, cut);
  const node = checkNodeVersion(options.node.running, options.node.required);
  if (config === undefined) return [node, ...findings];
  const isLocal = config.sandbox !== null && !config.production;
  const sandboxHost = isLocal ? new URL(config.publicUrl).hostname : undefined;
  const proxy = checkOutgoingProxy(options.environment, options.node, sandboxHost);
  const isBehindProxy = proxy.some(({ status }) => status === 'ok');
  const surroundings = await examineSurroundings(config, { ...options, isBehindProxy });
  return [node, ...findings, ...proxy, ...surroundings];
}

async function examineSurroundings(
  config: Config,
  { timeoutMs, now, isBehindProxy }: DoctorOptions & { isBehindProxy: boolean },
): Promise<Finding[]> {
  const { findings, add } = collectFindings();
  const everything = 10 * 60_000;

  let secrets: KnownSecrets = {};
  await add('development secrets', timeoutMs, async () => {
    secrets = findSecrets(config);
    return [];
  });
  const { sessionSecrets: [sessionSecret] = [], encryptionKeys: keys = [] } = secrets;

  if (config.databaseUrl === undefined || config.sandbox !== null)
    await add('data folder', timeoutMs, async () =>
      checkDataFolder(config.dataDir, await commandsOf(config)),
    );
  await add('database', everything, () => examineDatabase({ config, keys, timeoutMs, now }));
  await add('public address', everything, () =>
    examinePublicAddress({ config, sessionSecret, isBehindProxy, timeoutMs, now }),
  );
  if (config.sandbox !== null) {
    const text =
      'Sandbox mode: Zendesk is the local stand-in; tokens, webhooks and headers are not looked at.';
    return [...findings, skipped('zendesk', text)];
  }
  await add('zendesk', 2 * timeoutMs, () => checkZendesk(config, timeoutMs));
  await add('clock', 2 * timeoutMs, () =>
    checkClockOf('Zendesk', config.zendesk.oauthUrl, { timeoutMs, now }),
  );
  return [...findings, checkMarketplace(config.marketplace)];
}
