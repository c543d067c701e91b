import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '../../server/config/load-config.ts';

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
