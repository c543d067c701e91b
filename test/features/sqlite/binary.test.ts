import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { currentTarget, familySync } from '../../../server/features/sqlite/binary.ts';
import { findProjectRoot } from '../../../server/config/env-file.ts';

const Lock = z.looseObject({ packages: z.record(z.string(), z.unknown()) });

function lddOf(words: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'shopkeeper-ldd-')), 'ldd');
  writeFileSync(file, words);
  return file;
}

it.each([
  ['linux', 'x64'],
  ['linux', 'arm64'],
  ['linux', 'arm'],
  ['darwin', 'x64'],
  ['darwin', 'arm64'],
  ['win32', 'x64'],
] as const)('on %s and %s SQLite’s binary is one that npm installs', (platform, arch) => {
  const { packages } = Lock.parse(
    JSON.parse(readFileSync(join(findProjectRoot(), 'package-lock.json'), 'utf8')),
  );
  expect(Object.keys(packages)).toContain(`node_modules/@libsql/${currentTarget(platform, arch)}`);
});

it('SQLite’s binary is that of the C library of the system', () => {
  expect(familySync(lddOf('exec /lib/ld-musl-x86_64.so.1 --list "$@"'))).toBe('musl');
  expect(familySync(lddOf('# Copyright (C) … This file is part of the GNU C Library.'))).toBe(
    'glibc',
  );
});

it('an image without ldd is asked what Node runs on', () => {
  expect(familySync('/nowhere/ldd')).toBe(familySync());
});
