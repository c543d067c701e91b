import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkNodeVersion } from '../../../server/commands/doctor/check-configuration.ts';
import { describeFindings } from '../../../server/commands/doctor/finding.ts';
import { installationOwner } from '../../../server/store/secrets/secrets.ts';
import {
  complaints,
  ENCRYPTION_KEY,
  environmentOf,
  examineWith,
} from '../../support/examine-shop.ts';
import { serve } from '../../support/network/serve.ts';
import {
  CLIENT_ID,
  CLIENT_SECRET,
  SESSION_SECRET,
  startShop,
  type Shop,
} from '../../support/start-shop.ts';

let shop: Shop;
beforeEach(async () => {
  shop = await startShop();
});
afterEach(() => shop.close());

const examine = (changes: Record<string, string> = {}, options = {}) =>
  examineWith({ ...environmentOf(shop), ...changes }, options);

describe('the doctor of a healthy installation', () => {
  it('finds nothing, says so in a line each, and shows no secret', async () => {
    const { id } = await shop.install();
    const report = await examine();
    expect(complaints(report)).toEqual([]);
    expect(report.at(-1)).toBe('No problem found.');
    for (const check of [
      'node',
      'configuration',
      'data folder',
      'database',
      'encryption keys',
      'installations',
      'public address',
      'proxy',
      'cookies',
      'clock',
      'marketplace headers',
    ]) {
      expect(report.join('\n')).toContain(`ok       ${check}: `);
    }
    expect(report.join('\n')).toContain('1 of 1 have a valid token and a webhook');
    const [installed] = shop.zendesk.installations();
    const secrets = [
      CLIENT_SECRET,
      SESSION_SECRET,
      ENCRYPTION_KEY,
      id,
      ...(installed?.accessTokens ?? []),
      ...(installed?.webhooks.map(({ secret }) => secret) ?? []),
    ];
    expect(secrets.length).toBeGreaterThan(5);
    for (const secret of secrets) expect(report.join('\n')).not.toContain(secret);
  });

  it('changes nothing', async () => {
    await shop.install();
    const before = shop.zendesk.calls.length;
    await examine();
    const calls = shop.zendesk.calls.slice(before).map(({ operation }) => operation);
    expect(new Set(calls)).toEqual(new Set(['GetTokenInfo', 'ListWebhooks']));
  });

  it('counts nothing where nothing is installed', async () => {
    expect((await examine()).join('\n')).toContain('installations: None is active yet.');
  });
});

describe('the doctor', () => {
  it('names every problem of the configuration at once', async () => {
    const report = await examine({ PORT: 'http', ENCRYPTION_KEYS: 'k1:secret', PUBLIC_URL: 'x' });
    const found = complaints(report, 'configuration').join('\n');
    for (const name of ['PORT', 'ENCRYPTION_KEYS', 'PUBLIC_URL']) expect(found).toContain(name);
    expect(found).not.toContain('k1:secret');
    expect(report.at(-1)).toBe('3 problems found.');
  });

  it('compares the version of Node with what is needed', () => {
    expect(checkNodeVersion('20.18.3', '>=20.19').status).toBe('problem');
    expect(checkNodeVersion('18.20.0', '>=20.19').status).toBe('problem');
    expect(checkNodeVersion('24.0.1', '>=20.19').status).toBe('ok');
  });

  it('sees a data folder that cannot be written', async () => {
    const report = await examine({ DATA_DIR: '/dev/null/data' });
    expect(complaints(report, 'data folder')[0]).toContain('cannot be written');
  });

  it('does not make the data folder of an app that never ran', async () => {
    const dataDir = join(tmpdir(), `shopkeeper-never-${process.pid}`);
    const report = await examine({ DATA_DIR: dataDir });
    expect(complaints(report, 'data folder')).toEqual([]);
    expect(report.join('\n')).toContain('There is no SQLite file yet');
    expect(existsSync(dataDir)).toBe(false);
  });

  it('says which marketplace header is missing, without calling it a problem', async () => {
    const report = await examine({ ZENDESK_MARKETPLACE_BOT_ID: '' });
    expect(complaints(report)).toEqual([expect.stringMatching(/^advice .*MARKETPLACE_BOT_ID/)]);
  });

  it('sees a clock that is wrong', async () => {
    const report = await examine({}, { now: () => Date.now() + 60_000 });
    expect(complaints(report, 'clock')[0]).toMatch(/6[01] s ahead of Zendesk/);
  });

  it('names a token that Zendesk no longer accepts', async () => {
    await shop.install();
    shop.zendesk.armFault({ kind: 'loseRemoveCallback' });
    shop.zendesk.removeInstallation({ account: 'acme', clientId: CLIENT_ID });
    const report = await examine();
    expect(complaints(report, 'token')[0]).toContain('Acme');
    expect(complaints(report, 'token')[0]).toContain('/install');
  });

  it('names a bot that was removed at Zendesk', async () => {
    const { id } = await shop.install();
    await shop.stores.installations.setStatus(id, ['active'], 'revoked');
    expect(complaints(await examine())).toEqual([expect.stringMatching(/^advice .*was removed/)]);
  });

  it('says that Zendesk sends more with its tokens than is documented', async () => {
    const { id } = await shop.install();
    await shop.stores.secrets.put(installationOwner(id), 'expires_in', '1');
    const [finding = ''] = complaints(await examine(), 'token');
    expect(finding).toContain('Zendesk now sends expires_in with its tokens.');
    await shop.stores.secrets.put(installationOwner(id), 'refresh_token', 'r');
    const [both = ''] = complaints(await examine(), 'token');
    expect(both).toContain('Zendesk now sends refresh_token and expires_in with its tokens.');
  });

  it('names a webhook that is not there', async () => {
    const { id } = await shop.install();
    const account = shop.zendesk.installations()[0];
    const [token] = account?.accessTokens ?? [];
    const [webhook] = account?.webhooks ?? [];
    const { path } = shop.zendesk.calls.find((call) => call.operation === 'CreateWebhook') ?? {};
    await fetch(`${shop.sandbox.url}${path}/${webhook?.id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${token}` },
    });
    const report = await examine();
    expect(complaints(report)).toEqual([expect.stringContaining('no webhook points here')]);
    expect(report.join('\n')).not.toContain(id);
  });

  it('names a webhook that points elsewhere, without the path that hides it', async () => {
    const { id } = await shop.install();
    const report = await examine({ PUBLIC_URL: shop.url.replace('localhost', '127.0.0.1') });
    expect(complaints(report, 'webhook')[0]).toContain(`points to ${shop.url}, not to`);
    expect(report.join('\n')).not.toContain(id);
  });

  it('stops asking when Zendesk does not answer', async () => {
    await shop.install();
    const silent = await serve(() => {});
    const report = await examine({ ZENDESK_OAUTH_URL: `${silent.url}/sc` }, { timeoutMs: 300 });
    silent.close();
    expect(complaints(report, 'installations')[0]).toContain('GetTokenInfo: no answer');
    expect(complaints(report, 'clock')[0]).toContain('gives no answer within 0.3 s');
  });
});

it('a name that would steer the terminal does not, in the report', () => {
  const text = 'Acme\u001b[2J\u0007 (acme):\r\nno webhook';
  expect(describeFindings([{ check: 'webhook', status: 'ok', text }]).split('\n')[0]).toBe(
    'ok       webhook: Acme [2J (acme): no webhook',
  );
});
