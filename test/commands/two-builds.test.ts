import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installPackages, makeSmallProject } from '../support/process/small-project.ts';

let folder = '';
beforeEach(() => {
  folder = makeSmallProject();
  installPackages(folder, { compiler: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

async function build() {
  const child = spawn(process.execPath, [join(folder, 'scripts/build.js')]);
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { said, code };
}

const COMPILING = 'Compiling what has changed …\n';
const WAITING = 'Waiting for another build …\n';

describe('of two builds at the same moment', () => {
  it('the second waits for the first, and finds its work done', async () => {
    const both = await Promise.all([build(), build()]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(both.map(({ said }) => said).toSorted()).toEqual([COMPILING, WAITING]);
    expect(existsSync(join(folder, 'dist/building'))).toBe(false);
  });

  it('none waits for one that was killed', async () => {
    mkdirSync(join(folder, 'dist'));
    // There is no process of that number.
    writeFileSync(join(folder, 'dist/building'), '99999999');
    expect(await build()).toEqual({ code: 0, said: COMPILING });
  });
});
