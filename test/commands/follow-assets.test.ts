import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { followAssets } from '../../server/commands/dev/follow-assets.ts';
import { findProjectRoot } from '../../server/config/env-file.ts';
import { waitUntil } from '../support/wait-until.ts';

it('a style that is saved is in the next stylesheet, and a mistake leaves the one before', async () => {
  const root = findProjectRoot();
  const folder = mkdtempSync(join(tmpdir(), 'shopkeeper-assets-'));
  for (const name of ['scripts', 'public', 'ui'])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  mkdirSync(join(folder, 'dist'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  const told: string[] = [];
  const stop = await followAssets(folder, (text) => told.push(text));
  const findStyle = () =>
    readdirSync(join(folder, 'dist/assets')).find((name) => name.endsWith('.css')) ?? '';
  const before = findStyle();

  writeFileSync(join(folder, 'public/new.css'), '.brand-new { color: teal; }\n');
  await waitUntil('the new stylesheet', () => told.some((text) => text.includes('were built')));
  expect(findStyle()).not.toBe(before);
  expect(readFileSync(join(folder, 'dist/assets', findStyle()), 'utf8')).toContain('.brand-new');

  const good = findStyle();
  writeFileSync(join(folder, 'public/new.js'), 'export const wrong = ;\n');
  await waitUntil('the mistake is told', () => told.some((text) => text.includes('new.js:1:21')));
  expect(findStyle()).toBe(good);
  await stop();
  rmSync(folder, { recursive: true });
});
