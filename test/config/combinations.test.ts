import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../server/config/load-config.ts';
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
});

describe('NODE_ENV', () => {
  it.each(['Production', 'prod', 'PRODUCTION'])('is not silently ignored as %s', (NODE_ENV) => {
    expect(problemsOf({ NODE_ENV })).toEqual([
      expect.stringContaining('must be exactly production'),
    ]);
  });
});

it('sandbox mode in production is a public demo', () => {
  const demo = {
    NODE_ENV: 'production',
    SANDBOX: '1',
    PUBLIC_URL: 'https://bot.example.com',
    SESSION_SECRETS: 's'.repeat(32),
    ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
  };
  expect(loadConfig(demo).sandbox).toEqual({ isPublicDemo: true });
  expect(loadConfig({}).sandbox).toEqual({ isPublicDemo: false });
});

it('what is not for the bot is kept in development alone, and only when that is asked for', () => {
  expect(loadConfig({}).keepIgnored).toBe(false);
  expect(loadConfig({ KEEP_IGNORED_EVENTS: '1' }).keepIgnored).toBe(true);
  const production = { NODE_ENV: 'production', KEEP_IGNORED_EVENTS: '1' };
  expect(problemsOf(production).join('\n')).toContain('KEEP_IGNORED_EVENTS is for development');
  expect(problemsOf({ NODE_ENV: 'production' }).join('\n')).not.toContain('KEEP_IGNORED_EVENTS');
});
