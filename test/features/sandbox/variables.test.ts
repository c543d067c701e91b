import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '../../../server/config/load-config.ts';
import { sandbox } from '../../../server/features/sandbox/index.ts';
import { readPlace } from '../../../server/features/sandbox/variables.ts';
import { problemsOf } from '../../config/support/problems-of.ts';

const load = (environment: Record<string, string>) => loadConfig(environment, [], [sandbox]);

describe('the place of the sandbox', () => {
  it('wants the two sites to have different addresses', () => {
    expect(problemsOf({ SANDBOX_URL: 'http://LOCALHOST:3000/' }, [sandbox])).toEqual([
      expect.stringContaining('SANDBOX_URL must be another address than PUBLIC_URL'),
    ]);
  });

  it.each([
    [{}, 3100],
    [{ SANDBOX_PORT: '0' }, 0],
    [{ PORT: '80', SANDBOX_PORT: '8080' }, 8080],
  ])('is, with %j, the port %i', (environment, port) => {
    expect(readPlace(load(environment))).toEqual({ port, url: undefined });
  });

  it.each([
    [{ PORT: '65500' }, 'SANDBOX_PORT is missing, and PORT + 100 is no port'],
    [{ PORT: '3000', SANDBOX_PORT: '3000' }, 'SANDBOX_PORT is the same as PORT'],
  ])('cannot be with %j', (environment, problem) => {
    expect(problemsOf(environment, [sandbox])).toEqual([expect.stringContaining(problem)]);
  });

  it('is nobody’s business where Zendesk itself is meant', () => {
    const credentials = { OAUTH_CLIENT_ID: 'client', OAUTH_CLIENT_SECRET: 'client-secret' };
    expect(problemsOf({ ...credentials, PORT: '65500' }, [sandbox])).toEqual([]);
  });
});

const demo = {
  NODE_ENV: 'production',
  SANDBOX: '1',
  PUBLIC_URL: 'https://bot.example.com',
  SANDBOX_URL: 'https://sandbox.example.com',
  SESSION_SECRETS: 's'.repeat(32),
  ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
};

describe('a public demo, which is the sandbox in production', () => {
  it('has a sandbox with an address of its own', () => {
    const config = load(demo);
    expect(config.sandbox).toEqual({ isPublicDemo: true });
    expect(readPlace(config)).toEqual({ port: 3100, url: 'https://sandbox.example.com' });
  });

  it.each([
    ['', 'SANDBOX_URL is missing: SANDBOX=1 in production is a public demo'],
    ['http://sandbox.example.com', 'SANDBOX_URL must start with https://'],
    ['https://Bot.example.com/', 'SANDBOX_URL must be another address than PUBLIC_URL'],
    ['https://sandbox.example.com/path', 'must be an address without a path'],
  ])('does not start with SANDBOX_URL=%s', (SANDBOX_URL, problem) => {
    const start = () => load({ ...demo, SANDBOX_URL });
    expect(start).toThrow(ConfigError);
    expect(start).toThrow(problem);
  });
});

it('sandbox mode is offered to whoever has no credentials, where there is a sandbox', () => {
  const without = expect.stringMatching(/OAuth credentials$/);
  expect(problemsOf({ SANDBOX: '0' })).toEqual([without, without]);
  const offered = expect.stringMatching(/OAuth credentials, or set SANDBOX=1$/);
  expect(problemsOf({ SANDBOX: '0' }, [sandbox])).toEqual([offered, offered]);
});
