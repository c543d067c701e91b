import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { compiledProgram } from '../support/process/compiled-copy.ts';

/** Tells what V8 is told. */
const PROBE = `
  const v8 = require('node:v8');
  const set = v8.setFlagsFromString;
  v8.setFlagsFromString = (flag) => {
    console.log(flag);
    set(flag);
  };
  require('node:module').syncBuiltinESMExports();
`;

it('the app asks V8 to collect its work early by a flag that V8 knows, before anything else', () => {
  const probe = join(tmpdir(), `shopkeeper-flags-${process.pid}.cjs`);
  writeFileSync(probe, PROBE);
  const run = (...args: string[]) => spawnSync(process.execPath, args, { env: { PORT: 'none' } });
  try {
    const flag = String(run('--require', probe, compiledProgram('main.js')).stdout).trim();
    expect(flag).toBe('--no-allocation-site-pretenuring');
    expect(run(flag, '--eval', '0').status).toBe(0);
  } finally {
    rmSync(probe);
  }
});
