import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findProjectRoot } from '../../server/config/env-file.ts';

it('a Node that is too old is told in a sentence by every command that is built first', () => {
  const folder = mkdtempSync(join(tmpdir(), 'shopkeeper-node-'));
  const packageFile = readFileSync(join(findProjectRoot(), 'package.json'), 'utf8');
  expect(packageFile).toContain('"node": ">=20.19"');
  // This one, for a project that needs a newer one.
  writeFileSync(join(folder, 'package.json'), packageFile.replace('>=20.19', '>=99.1'));
  cpSync(join(findProjectRoot(), 'scripts'), join(folder, 'scripts'), { recursive: true });
  const { status, stderr } = spawnSync(process.execPath, [join(folder, 'scripts/build.js')], {
    encoding: 'utf8',
  });
  rmSync(folder, { recursive: true });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^Node [\d.]+ is too old: install 99\.1 or newer .*\n$/);
});
