import fs, { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { followFiles } from '../../server/commands/dev/follow-files.ts';
import { waitUntil } from '../support/wait-until.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shopkeeper-follow-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
  rmSync(folder, { recursive: true });
});

it.each(['ENOSPC', 'EMFILE'])('a file is followed also where the system says %s', async (code) => {
  const file = join(folder, 'bot.ts');
  writeFileSync(file, 'before');
  vi.spyOn(fs, 'watch').mockImplementation(() => {
    throw Object.assign(new Error(`${code}: no more of them`), { code });
  });
  syncBuiltinESMExports();
  const told: string[] = [];
  const changed: string[] = [];
  const stop = await followFiles(
    [folder],
    (text) => told.push(text),
    (path) => changed.push(path),
  );
  expect(told).toEqual([expect.stringContaining(code)]);
  writeFileSync(file, 'afterwards');
  await waitUntil('it is seen', () => changed.includes(file));
  await stop();
});
