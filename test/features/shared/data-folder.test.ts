import { spawnSync } from 'node:child_process';
import fs, {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findProjectRoot } from '../../../server/config/env-file.ts';
import { prepareDataFolder } from '../../../server/features/shared/data-folder.ts';

/** Lets a path be found on a read-only file system, because a test cannot mount anything. */
function mountReadOnly(readOnly: string): void {
  const { accessSync } = fs;
  vi.spyOn(fs, 'accessSync').mockImplementation((path, mode) => {
    if (path === readOnly) throw Object.assign(new Error('read-only'), { code: 'EROFS' });
    accessSync(path, mode);
  });
  syncBuiltinESMExports();
}

let parent = '';
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'shopkeeper-folder-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
  chmodSync(parent, 0o700);
  rmSync(parent, { recursive: true, force: true });
});

describe('the data folder', () => {
  it('is made for us alone', () => {
    prepareDataFolder(join(parent, 'deep', 'data'));
    expect(statSync(join(parent, 'deep', 'data')).mode & 0o777).toBe(0o700);
  });

  it.each(['data', 'data/not/there/yet'])(
    'says so when %s is on a read-only file system',
    (name) => {
      mkdirSync(join(parent, 'data'));
      mountReadOnly(join(parent, 'data'));

      expect(() => prepareDataFolder(join(parent, name))).toThrow(
        `${join(parent, name)} is on a file system that is mounted read-only`,
      );
      expect(() => prepareDataFolder(join(parent, name))).toThrow('set DATA_DIR');
    },
  );

  it.each(['file', 'file/data'])('says so when %s cannot be a folder', (name) => {
    writeFileSync(join(parent, 'file'), '');

    expect(() => prepareDataFolder(join(parent, name))).toThrow('is not a folder');
  });

  it('says so, and does not try for ever, where a file system takes no folders', () => {
    expect(() => prepareDataFolder('/proc/shopkeeper/data')).toThrow(
      '/proc/shopkeeper/data cannot be made',
    );
  });

  it.each(['data', 'data/shopkeeper.db'])('follows no link to nowhere, as %s', (name) => {
    if (name !== 'data') mkdirSync(join(parent, 'data'));
    symlinkSync(join(parent, 'unmounted'), join(parent, name));

    expect(() =>
      prepareDataFolder(join(parent, 'data'), [join(parent, 'data/shopkeeper.db')]),
    ).toThrow(`${join(parent, name)} is a link to ${join(parent, 'unmounted')}, where nothing is`);
  });

  it('says so when a folder is where the database should be', () => {
    mkdirSync(join(parent, 'data', 'shopkeeper.db'), { recursive: true });

    expect(() =>
      prepareDataFolder(join(parent, 'data'), [join(parent, 'data/shopkeeper.db')]),
    ).toThrow(`${join(parent, 'data', 'shopkeeper.db')} is not a file`);
  });

  it.each([
    ['the folder', 'data', 0o555],
    ['the database, once started as another user,', 'data/shopkeeper.db', 0o444],
  ])('names the user and the fix when %s may not be written', (_what, name, mode) => {
    mkdirSync(join(parent, 'data'), { mode: 0o777 });
    writeFileSync(join(parent, 'data/shopkeeper.db'), '');
    chmodSync(join(parent, 'data'), 0o777);
    chmodSync(join(parent, name), mode);
    chmodSync(parent, 0o755);

    const call = `prepareDataFolder(folder, [folder + '/shopkeeper.db'])`;
    const { output, user } = callAsOrdinaryUser(call, join(parent, 'data'));

    expect(output).toContain(`The user ${user} may not write to ${join(parent, name)}`);
    expect(output).toContain(`chown -R ${user}`);
  });

  it('that a user may not look into is not taken for an empty one', () => {
    const folder = join(parent, 'data');
    mkdirSync(folder);
    chmodSync(folder, process.getuid?.() === 0 ? 0o700 : 0o000);
    chmodSync(parent, 0o755);

    const { output, user } = callAsOrdinaryUser(`requireFile(folder + '/shopkeeper.db')`, folder);

    chmodSync(folder, 0o700);
    expect(output).toContain(`The user ${user} may not look into ${folder}. Run this as`);
  });
});

describe('the database of a command', () => {
  it.each([
    ['the folder', 'data', 0o555],
    ['the database', 'data/shopkeeper.db', 0o000],
  ])('is for the user of the app, where others may not write %s', (_what, name, mode) => {
    const path = join(parent, 'data/shopkeeper.db');
    mkdirSync(join(parent, 'data'));
    writeFileSync(path, '');
    for (const used of [join(parent, 'data'), path]) chmodSync(used, 0o777);
    chmodSync(join(parent, name), mode);
    chmodSync(parent, 0o755);

    const { output, user } = callAsOrdinaryUser(
      `requireRights(folder + '/shopkeeper.db')`,
      join(parent, 'data'),
    );

    expect(output).toContain(`The user ${user} may not use ${path}`);
    chmodSync(join(parent, 'data'), 0o777);
  });
});

/**
 * Permissions do not hold root back, who runs the tests in a container. The compiled code is copied to
 * where an ordinary user can read it.
 */
function callAsOrdinaryUser(call: string, folder: string) {
  const asRoot = process.getuid?.() === 0;
  const user = asRoot ? 65_534 : process.getuid?.();
  const code = join(parent, 'code');
  cpSync(join(findProjectRoot(), 'dist/server'), join(code, 'server'), { recursive: true });
  writeFileSync(join(code, 'package.json'), '{ "type": "module" }');
  const script = `
    import { prepareDataFolder, requireFile, requireRights } from './server/features/shared/data-folder.js';
    const folder = process.argv[1];
    try { ${call}; } catch (error) { console.log(error.message); }`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', script, folder],
    {
      cwd: code,
      encoding: 'utf8',
      ...(asRoot ? { uid: 65_534, gid: 65_534 } : {}),
    },
  );
  return { output: `${stdout}${stderr}`, user };
}
