import { randomUUID } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OperatorError } from '../../../server/errors.ts';
import { loadMade } from '../../../server/features/development-secrets/secrets-file.ts';

let dataDir: string;
let file: string;
beforeEach(() => {
  dataDir = join(tmpdir(), `shopkeeper-secrets-${randomUUID()}`);
  file = join(dataDir, 'development-secrets.json');
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe('development secrets', () => {
  it('are made once and are the same ever after', () => {
    const made = loadMade(dataDir);
    expect(made.sessionSecrets[0]).toHaveLength(64);
    expect(made.encryptionKeys[0]?.key).toHaveLength(32);
    expect(loadMade(dataDir)).toEqual(made);
  });

  it('are different in every folder', () => {
    const other = join(dataDir, 'other');
    expect(loadMade(dataDir)).not.toEqual(loadMade(other));
  });

  it('can be read by their owner alone', () => {
    loadMade(dataDir);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  });

  it.each([
    ['below a file', () => join(file, 'data')],
    ['where a file system takes no folders', () => '/proc/shopkeeper/data'],
    ['behind a link to nowhere', () => join(dataDir, 'link')],
  ])('say what to do where no folder can be, %s', (_where, find) => {
    mkdirSync(dataDir);
    writeFileSync(file, '');
    symlinkSync(join(dataDir, 'unmounted'), join(dataDir, 'link'));
    const load = () => loadMade(find());
    expect(load).toThrow(OperatorError);
    expect(load).toThrow(`${join(find(), 'development-secrets.json')} cannot be written`);
    expect(load).toThrow('set SESSION_SECRETS and ENCRYPTION_KEYS');
  });

  it('name the file that cannot be read', () => {
    mkdirSync(file, { recursive: true });
    expect(() => loadMade(dataDir)).toThrow(`${file} cannot be read (EISDIR)`);
    expect(() => loadMade(dataDir)).toThrow(OperatorError);
  });

  it('leave no half of a file on a full disk', () => {
    mkdirSync(dataDir, { recursive: true });
    const draft = `${file}.${process.pid}.tmp`;
    // Every write to it fails as on a full disk.
    symlinkSync('/dev/full', draft);
    expect(() => loadMade(dataDir)).toThrow(OperatorError);
    expect(readdirSync(dataDir)).toEqual([]);
    expect(loadMade(dataDir).sessionSecrets).toHaveLength(1);
  });

  it.each([
    ['an empty file', ''],
    ['half a file', '{"sessionSecrets": "abc'],
    ['another shape', '{"sessionSecrets": ["a"]}'],
    ['a short secret', '{"sessionSecrets": "short", "encryptionKeys": "k1:AAAA"}'],
  ])('name the file when it is %s, and leave it as it is', (_name, content) => {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(file, content);
    expect(() => loadMade(dataDir)).toThrow(`${file} is damaged`);
    expect(readFileSync(file, 'utf8')).toBe(content);
  });
});
