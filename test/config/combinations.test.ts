import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '../../server/config/load-config.ts';
import { problemsOf } from './support/problems-of.ts';

describe('the addresses of sandbox mode', () => {
  it.each([
    [{ PORT: '80' }, 'http://localhost'],
    [{ HOST: 'LocalHost' }, 'http://localhost:3000'],
    [{ HOST: '::1' }, 'http://localhost:3000'],
    [{ HOST: '127.0.0.2', PORT: '80' }, 'http://127.0.0.2'],
  ])('with %o is at %s, as a browser writes it', (environment, publicUrl) => {
    expect(loadConfig(environment).publicUrl).toBe(publicUrl);
  });

  it('wants the two sites to have different addresses', () => {
    expect(problemsOf({ SANDBOX_URL: 'http://LOCALHOST:3000/' })).toEqual([
      expect.stringContaining('SANDBOX_URL must be another address than PUBLIC_URL'),
    ]);
  });
});

describe('NODE_ENV', () => {
  it.each(['Production', 'prod', 'PRODUCTION'])('is not silently ignored as %s', (NODE_ENV) => {
    expect(problemsOf({ NODE_ENV })).toEqual([
      expect.stringContaining('must be exactly production'),
    ]);
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
    const { sandbox } = loadConfig(demo);
    expect(sandbox).toEqual({ port: 3100, url: 'https://sandbox.example.com', isPublicDemo: true });
    expect(loadConfig({}).sandbox).toMatchObject({ isPublicDemo: false });
  });

  it.each([
    ['', 'SANDBOX_URL is missing: SANDBOX=1 in production is a public demo'],
    ['http://sandbox.example.com', 'SANDBOX_URL must start with https://'],
    ['https://Bot.example.com/', 'SANDBOX_URL must be another address than PUBLIC_URL'],
    ['https://sandbox.example.com/path', 'must be an address without a path'],
  ])('does not start with SANDBOX_URL=%s', (SANDBOX_URL, problem) => {
    const start = () => loadConfig({ ...demo, SANDBOX_URL });
    expect(start).toThrow(ConfigError);
    expect(start).toThrow(problem);
  });
});

it('what is not for the bot is kept in development alone, and only when that is asked for', () => {
  expect(loadConfig({}).keepIgnored).toBe(false);
  expect(loadConfig({ KEEP_IGNORED_EVENTS: '1' }).keepIgnored).toBe(true);
  const production = { NODE_ENV: 'production', KEEP_IGNORED_EVENTS: '1' };
  expect(problemsOf(production).join('\n')).toContain('KEEP_IGNORED_EVENTS is for development');
  expect(problemsOf({ NODE_ENV: 'production' }).join('\n')).not.toContain('KEEP_IGNORED_EVENTS');
});
