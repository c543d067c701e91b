import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { findProjectRoot } from '../../server/config/env-file.ts';

const packageFile = readFileSync(join(findProjectRoot(), 'package.json'), 'utf8');
const Scripts = z.object({ scripts: z.record(z.string(), z.string()) });

describe('a Node that is too old', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'shopkeeper-node-'));
    expect(packageFile).toContain('"node": ">=20.19"');
    // This one, for a project that needs a newer one.
    writeFileSync(join(folder, 'package.json'), packageFile.replace('>=20.19', '>=99.1'));
    cpSync(join(findProjectRoot(), 'scripts'), join(folder, 'scripts'), { recursive: true });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(['build', 'check', 'dev', 'require-node'])('is told in a sentence by %s.js', (name) => {
    const { status, stderr } = spawnSync(process.execPath, [join(folder, `scripts/${name}.js`)], {
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^Node [\d.]+ is too old: install 99\.1 or newer .*\n$/);
  });

  it('meets one of these first also where nothing is built first', () => {
    const { scripts } = Scripts.parse(JSON.parse(packageFile));
    expect(scripts['dev']).toBe('node scripts/dev.js');
    expect(scripts['check']).toBe('node scripts/check.js');
    expect(scripts['pretest']).toMatch(/^npm run check /);
  });
});
