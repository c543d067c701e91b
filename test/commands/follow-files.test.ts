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
  // What is saved before the first look is what the next one is compared with.
  let saves = 0;
  await waitUntil('it is seen', () => {
    writeFileSync(file, `saved ${++saves} times`);
    return changed.includes(file);
  });
  await stop();
});
