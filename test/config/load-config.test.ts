import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../server/config/load-config.ts';
import { findProjectRoot } from '../../server/config/env-file.ts';
import { problemsOf } from './support/problems-of.ts';

const KEY = Buffer.alloc(32, 1).toString('base64');
const credentials = { OAUTH_CLIENT_ID: 'client', OAUTH_CLIENT_SECRET: 'client-secret' };
const production = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://bot.example.com',
  SESSION_SECRETS: 's'.repeat(32),
  ENCRYPTION_KEYS: `k1:${KEY}`,
};

describe('the configuration', () => {
  it('does not take half of the credentials for none', () => {
    expect(problemsOf({ OAUTH_CLIENT_SECRET: 'a-secret' })).toEqual([
      expect.stringContaining('OAUTH_CLIENT_ID is missing'),
    ]);
  });

  it('takes the .env of the original Shoplifter as it is', () => {
    const config = loadConfig({
      OAUTH_CLIENT_ID: 'shoplifter',
      OAUTH_CLIENT_SECRET: 'a-secret',
      ZENDESK_MARKETPLACE_NAME: 'Shoplifter',
      ZENDESK_MARKETPLACE_ORG_ID: '123',
      ZENDESK_MARKETPLACE_APP_ID: '456',
      ZENDESK_DOMAIN: 'zendesk.com',
      PORT: '8999',
    });
    expect(config).toMatchObject({
      port: 8999,
      publicUrl: 'http://localhost:8999',
      sandbox: null,
      oauthClient: { id: 'shoplifter', secret: 'a-secret' },
      marketplace: { name: 'Shoplifter', organizationId: '123', botId: '456' },
      zendesk: {
        oauthUrl: 'https://oauth-bridge.zendesk.com/sc',
        apiUrl: 'https://{subdomain}.zendesk.com/sc',
      },
    });
  });

  it('prefers the bot id to the original’s name for it', () => {
    const ids = { ZENDESK_MARKETPLACE_BOT_ID: 'bot', ZENDESK_MARKETPLACE_APP_ID: 'app' };
    expect(loadConfig(ids).marketplace.botId).toBe('bot');
  });

  it('starts in sandbox mode from an empty environment', () => {
    expect(loadConfig({})).toMatchObject({
      production: false,
      port: 3000,
      publicUrl: 'http://localhost:3000',
      sandbox: { isPublicDemo: false },
      dataDir: join(findProjectRoot(), 'data'),
      trustProxy: false,
      logLevel: 'info',
      answerWithoutSwitchboard: false,
      keepIgnored: false,
    });
  });

  it.each(['~', '~/data', '$HOME/data', '${HOME}/data'])('makes no folder named %s', (DATA_DIR) => {
    expect(problemsOf({ DATA_DIR })).toEqual([expect.stringContaining('write the whole path')]);
  });

  it.each(['/srv/~data', './data$', 'C:\\data$\\shop'])('keeps %s as it is', (DATA_DIR) => {
    expect(problemsOf({ DATA_DIR })).toEqual([]);
  });

  it('treats an empty variable as absent', () => {
    const empty = {
      PORT: '',
      PUBLIC_URL: '',
      DATABASE_URL: '',
      OAUTH_CLIENT_ID: '',
      SANDBOX: '',
      ZENDESK_MARKETPLACE_NAME: '',
      SESSION_SECRETS: '',
    };
    expect(loadConfig(empty)).toEqual(loadConfig({}));
  });

  it('reports every problem at once, each with its variable and what to do', () => {
    const problems = problemsOf({
      NODE_ENV: 'production',
      PORT: 'http',
      LOG_LEVEL: 'loud',
      SANDBOX: 'yes',
      ANSWER_WITHOUT_SWITCHBOARD: 'maybe',
    });
    expect(problems).toEqual([
      expect.stringMatching(/PORT: must be a port number, for example 3000/),
      expect.stringMatching(/LOG_LEVEL: must be one of fatal, error/),
      expect.stringMatching(/SANDBOX: must be 1 or 0/),
      expect.stringMatching(/ANSWER_WITHOUT_SWITCHBOARD: must be 1 or 0/),
      expect.stringMatching(/OAUTH_CLIENT_ID is missing: copy it from apps.zendesk.com/),
      expect.stringMatching(/OAUTH_CLIENT_SECRET is missing: copy it from/),
      expect.stringMatching(/SESSION_SECRETS is missing: make one with `openssl/),
      expect.stringMatching(/ENCRYPTION_KEYS is missing: make one with `echo/),
      expect.stringMatching(/PUBLIC_URL is missing: the https address/),
    ]);
  });

  it('never repeats a secret in a problem', () => {
    const problems = problemsOf({
      SESSION_SECRETS: 'too-short',
      ENCRYPTION_KEYS: 'k1:dG9vc2hvcnQ=',
    });
    expect(problems).toHaveLength(2);
    expect(problems.join()).not.toMatch(/too-short|dG9vc2hvcnQ/);
  });

  it('replaces the Zendesk domain in both addresses, unless they are given', () => {
    expect(loadConfig({ ZENDESK_DOMAIN: 'zendesk-staging.com' }).zendesk).toMatchObject({
      oauthUrl: 'https://oauth-bridge.zendesk-staging.com/sc',
      apiUrl: 'https://{subdomain}.zendesk-staging.com/sc',
      legacyApiUrl: 'https://api.smooch.io',
    });
    const given = { ZENDESK_DOMAIN: 'x.com', ZENDESK_OAUTH_URL: 'http://localhost:1/sc/' };
    expect(loadConfig(given).zendesk.oauthUrl).toBe('http://localhost:1/sc');
    expect(loadConfig({ ZENDESK_DOMAIN: 'zendesk.localhost:3101' }).zendesk.apiUrl).toBe(
      'https://{subdomain}.zendesk.localhost:3101/sc',
    );
    expect(problemsOf({ ZENDESK_DOMAIN: 'https://zendesk.com' })).toHaveLength(1);
    expect(problemsOf({ ZENDESK_DOMAIN: '.zendesk.com' })).toHaveLength(1);
  });
});

describe('sandbox mode', () => {
  it.each([
    { SANDBOX: undefined, withCredentials: false, inProduction: false, expected: 'sandbox' },
    { SANDBOX: undefined, withCredentials: true, inProduction: false, expected: 'Zendesk' },
    { SANDBOX: undefined, withCredentials: false, inProduction: true, expected: 'refused' },
    { SANDBOX: undefined, withCredentials: true, inProduction: true, expected: 'Zendesk' },
    { SANDBOX: '0', withCredentials: false, inProduction: false, expected: 'refused' },
    { SANDBOX: '0', withCredentials: true, inProduction: false, expected: 'Zendesk' },
    { SANDBOX: '0', withCredentials: false, inProduction: true, expected: 'refused' },
    { SANDBOX: '0', withCredentials: true, inProduction: true, expected: 'Zendesk' },
    { SANDBOX: '1', withCredentials: false, inProduction: false, expected: 'sandbox' },
    { SANDBOX: '1', withCredentials: true, inProduction: false, expected: 'sandbox' },
    { SANDBOX: '1', withCredentials: false, inProduction: true, expected: 'sandbox' },
    { SANDBOX: '1', withCredentials: true, inProduction: true, expected: 'sandbox' },
  ])(
    'with SANDBOX=$SANDBOX, credentials: $withCredentials, production: $inProduction is $expected',
    ({ SANDBOX, withCredentials, inProduction, expected }) => {
      const environment = {
        ...(SANDBOX === undefined ? {} : { SANDBOX }),
        ...(withCredentials ? credentials : {}),
        ...(inProduction ? production : {}),
      };
      const refused = problemsOf(environment).length > 0;
      const mode = () => (loadConfig(environment).sandbox === null ? 'Zendesk' : 'sandbox');
      expect(refused ? 'refused' : mode()).toBe(expected);
    },
  );

  it('asks for the secret when only the client id is given', () => {
    expect(problemsOf({ OAUTH_CLIENT_ID: 'client' })).toEqual([
      expect.stringContaining('OAUTH_CLIENT_SECRET is missing'),
    ]);
  });
});

describe('production', () => {
  it('starts with credentials, secrets and an https address, without the marketplace values', () => {
    expect(loadConfig({ ...production, ...credentials })).toMatchObject({
      production: true,
      marketplace: { name: undefined, organizationId: undefined, botId: undefined },
    });
  });

  it.each([
    'PUBLIC_URL',
    'SESSION_SECRETS',
    'ENCRYPTION_KEYS',
    'OAUTH_CLIENT_ID',
    'OAUTH_CLIENT_SECRET',
  ])('does not start without %s', (name) => {
    expect(problemsOf({ ...production, ...credentials, [name]: '' })).toEqual([
      expect.stringContaining(`${name} is missing`),
    ]);
  });

  it.each(['http://bot.example.com', 'HTTP://bot.example.com'])('refuses %s', (PUBLIC_URL) => {
    expect(problemsOf({ ...production, ...credentials, PUBLIC_URL })).toEqual([
      expect.stringContaining('must start with https://'),
    ]);
  });
});
