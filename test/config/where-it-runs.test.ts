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
