import { describeFindings } from '../../server/commands/doctor/finding.ts';
import { runDoctor, type DoctorOptions } from '../../server/commands/doctor/run-doctor.ts';
import { CLIENT_ID, CLIENT_SECRET, SESSION_SECRET, type Shop } from './start-shop.ts';

export const ENCRYPTION_KEY = Buffer.alloc(32, 7).toString('base64');

/** The environment the shop would have been started with. */
export function environmentOf(shop: Shop, publicUrl = shop.url): Record<string, string> {
  return {
    PUBLIC_URL: publicUrl,
    PORT: new URL(shop.url).port,
    DATA_DIR: shop.dataDir,
    SANDBOX: '0',
    OAUTH_CLIENT_ID: CLIENT_ID,
    OAUTH_CLIENT_SECRET: CLIENT_SECRET,
    SESSION_SECRETS: SESSION_SECRET,
    ENCRYPTION_KEYS: `test:${ENCRYPTION_KEY}`,
    ZENDESK_MARKETPLACE_NAME: 'Test shop',
    ZENDESK_MARKETPLACE_ORG_ID: '42',
    ZENDESK_MARKETPLACE_BOT_ID: '7',
    ZENDESK_OAUTH_URL: `${shop.sandbox.url}/sc`,
    ZENDESK_API_URL: `${shop.sandbox.url}/accounts/{subdomain}/sc`,
    ZENDESK_LEGACY_API_URL: `${shop.sandbox.url}/legacy`,
  };
}

/** The doctor's report as people see it, line by line. */
export async function examineWith(
  environment: Record<string, string>,
  options: Partial<Pick<DoctorOptions, 'now' | 'timeoutMs' | 'node'>> = {},
): Promise<string[]> {
  const findings = await runDoctor({
    environment,
    node: { running: '20.19.0', required: '>=20.19', usesEnvProxy: false },
    timeoutMs: 2_000,
    now: Date.now,
    ...options,
  });
  return describeFindings(findings).split('\n');
}

/** The lines of one check that are not `ok`. */
export function complaints(report: readonly string[], check?: string): string[] {
  return report.filter(
    (line) =>
      /^(problem|advice) /.test(line) && (check === undefined || line.includes(` ${check}: `)),
  );
}
