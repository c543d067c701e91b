import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../../server/config/load-config.ts';
import { connections } from '../../../../server/features/connections/index.ts';
import { readZoomVariables } from '../../../../server/features/connections/providers/zoom/variables.ts';

const PRODUCTION = {
  NODE_ENV: 'production',
  OAUTH_CLIENT_ID: 'id',
  OAUTH_CLIENT_SECRET: 'secret',
  PUBLIC_URL: 'https://bot.example.com',
  SESSION_SECRETS: 'x'.repeat(32),
  ENCRYPTION_KEYS: `k:${Buffer.alloc(32).toString('base64')}`,
};

/** As the app reads them when it starts. */
function read(environment: Record<string, string>) {
  return readZoomVariables(loadConfig(environment, [], [connections]).variables);
}

describe('the variables of Zoom', () => {
  it('need nothing', () => {
    expect(read({})).toEqual({
      oauthUrl: 'https://zoom.us/oauth',
      apiUrl: undefined,
      webhookSecretTokens: [],
    });
  });

  it.each([
    [{ ZOOM_OAUTH_URL: 'https://zoomgov.com/oauth' }],
    [{ ZOOM_OAUTH_URL: 'https://zoomgov.com/oauth', ZOOM_API_URL: 'https://api.zoomgov.com/v2' }],
    [{ ZOOM_OAUTH_URL: 'http://localhost:1/oauth', ZOOM_API_URL: 'http://localhost:1/v2' }],
  ])('take Zoom’s addresses of one family: %j', (env) => {
    expect(read(env).oauthUrl).toBe(env.ZOOM_OAUTH_URL);
  });

  it.each([
    [
      { ZOOM_OAUTH_URL: 'https://zoomgov.com/oauth', ZOOM_API_URL: 'https://api.zoom.us/v2' },
      'ZOOM_API_URL must be an address of zoomgov.com',
    ],
    [{ ZOOM_API_URL: 'https://api.zoomgov.com/v2' }, 'ZOOM_API_URL must be an address of zoom.us'],
    [{ ZOOM_OAUTH_URL: 'https://zoom.example/oauth' }, 'ZOOM_API_URL is missing'],
  ])('refuse to send Zoom’s tokens to another family: %j', (env, problem) => {
    expect(() => read(env)).toThrow(problem);
  });

  it.each(['http://localhost:1', 'http://127.0.0.1:1', 'http://[::1]:1', 'https://api.zoom.us/v2'])(
    'take %s during development',
    (url) => {
      expect(read({ ZOOM_API_URL: url }).apiUrl).toBe(url);
    },
  );

  it.each(['http://zoom.us', 'http://localhost.evil.example', 'ftp://zoom.us', 'zoom.us'])(
    'refuse %s',
    (url) => {
      expect(() => read({ ZOOM_OAUTH_URL: url })).toThrow('must be an https address');
    },
  );

  it('may have the secret in a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'shopkeeper-zoom-'));
    const file = join(folder, 'token');
    await writeFile(file, 'zoom-token\n');
    const { webhookSecretTokens } = read({ ZOOM_WEBHOOK_SECRET_TOKEN_FILE: file });
    expect(webhookSecretTokens).toEqual([{ clientId: null, token: 'zoom-token' }]);
    await rm(folder, { recursive: true });
  });

  it('may say whose app each secret token is', () => {
    const { webhookSecretTokens } = read({ ZOOM_WEBHOOK_SECRET_TOKEN: 'app_1:new,app_1:old,rest' });
    expect(webhookSecretTokens).toEqual([
      { clientId: 'app_1', token: 'new' },
      { clientId: 'app_1', token: 'old' },
      { clientId: null, token: 'rest' },
    ]);
  });

  it('explain a look-alike character', () => {
    expect(() => read({ ZOOM_OAUTH_URL: 'https://zoom\u2024us/oauth' })).toThrow(
      'ZOOM_OAUTH_URL: has a space or a look-alike character: type it again by hand',
    );
  });

  it('refuse plain http in production, also to this machine', () => {
    expect(() => read(PRODUCTION)).not.toThrow();
    expect(() => read({ ...PRODUCTION, ZOOM_API_URL: 'http://localhost:1' })).toThrow(
      'ZOOM_API_URL must start with https:// in production',
    );
  });
});
