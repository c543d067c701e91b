/**
 * Types, lint and format, until one of them finds something. The programs behind the first two are written in Go
 * and end before collecting garbage would be worth its while: without, they take a third less processor time.
 */
import './require-node.js';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const CHECKS = [
  // Several threads would each find out again what most types are.
  ['typescript/bin/tsc', '--noEmit', '--singleThreaded'],
  ['oxlint/bin/oxlint', '--type-aware', '--deny-warnings'],
  ['oxfmt/bin/oxfmt', '--check', '.'],
];

const root = join(import.meta.dirname, '..');
for (const [program, ...args] of CHECKS) {
  const { status } = spawnSync(process.execPath, [join(root, 'node_modules', program), ...args], {
    cwd: root,
    env: { GOGC: 'off', ...process.env },
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}
