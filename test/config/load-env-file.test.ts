import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '../../server/config/load-config.ts';
import { loadEnvFile } from '../../server/config/load-env-file.ts';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shopkeeper-env-'));
  file = join(folder, '.env');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the .env', () => {
  it('adds to the environment, and what is set there wins', () => {
    writeFileSync(file, 'PORT=1\nLOG_LEVEL=debug\nSANDBOX=1\n');
    const environment: Record<string, string | undefined> = { PORT: '2', SANDBOX: '' };
    expect(loadEnvFile(environment, file)).toEqual([]);
    expect(environment).toEqual({ PORT: '2', LOG_LEVEL: 'debug', SANDBOX: '' });
  });

  it('need not be there', () => {
    const environment = {};
    expect(loadEnvFile(environment, file)).toEqual([]);
    expect(environment).toEqual({});
  });

  it('is reported with the number of an odd line, and never with what stands there', () => {
    writeFileSync(file, 'OAUTH_CLIENT_ID=id\na-secret-on-its-own\nPORT=http\n');
    const environment: Record<string, string | undefined> = {};
    const fileProblems = loadEnvFile(environment, file);
    expect(fileProblems.join()).not.toContain('a-secret');
    const start = () => loadConfig(environment, fileProblems);
    expect(start).toThrow(ConfigError);
    expect(start).toThrow(`${file}, line 2 is no variable: write NAME=value`);
    expect(start).toThrow('PORT: must be a port number');
    expect(start).toThrow('OAUTH_CLIENT_SECRET is missing');
  });

  it('may not be a folder, which a container makes of a file that is missing', () => {
    mkdirSync(file);
    expect(loadEnvFile({}, file)).toEqual([
      expect.stringContaining(`${file} cannot be read (EISDIR)`),
    ]);
  });
});
