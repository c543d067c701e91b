import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProjectRoot } from '../../../server/config/env-file.ts';

const ROOT = findProjectRoot();

/** A folder with what builds the project, and with hardly anything to build. */
export function makeSmallProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'shopkeeper-build-'));
  for (const name of ['scripts', 'tsconfig.json', 'tsconfig.build.json', 'package.json'])
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  for (const name of ['server', 'sandbox/src']) mkdirSync(join(folder, name), { recursive: true });
  for (const name of ['sandbox/package.json', 'sandbox/tsconfig.build.json'])
    cpSync(join(ROOT, name), join(folder, name));
  writeFileSync(join(folder, 'server/main.ts'), 'export const answer: number = 42;\n');
  writeFileSync(join(folder, 'sandbox/src/index.ts'), 'export const other: number = 1;\n');
  return folder;
}

/** Every package but the compiler, as after `npm prune --omit=dev`; or all of them. */
export function installPackages(folder: string, { compiler }: { compiler: boolean }): void {
  const packages = join(folder, 'node_modules');
  rmSync(packages, { recursive: true, force: true });
  mkdirSync(join(packages, '@shopkeeper'), { recursive: true });
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    if (name !== '@shopkeeper' && (compiler || name !== 'typescript'))
      symlinkSync(join(ROOT, 'node_modules', name), join(packages, name));
  symlinkSync('../../sandbox', join(packages, '@shopkeeper/zendesk-sandbox'));
}
