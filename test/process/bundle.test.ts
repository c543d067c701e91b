import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findProjectRoot } from '../../server/config/env-file.ts';

it('what a start reads holds nothing of packages that nobody uses, and no tables', () => {
  const folder = join(findProjectRoot(), 'dist/server');
  const chunks = readdirSync(join(folder, 'chunks')).map((name) => join('chunks', name));
  const text = ['main.js', ...chunks]
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  // Above each part stands the file it came from.
  const parts = [...text.matchAll(/^\/\/ .*node_modules\/(\S+)$/gm)].map(([, part]) => part);
  expect(parts).toContain('zod/v4/core/parse.js');
  expect(parts).toContain('express/lib/express.js');
  expect(parts).not.toContain('zod/v4/locales/ja.js');
  expect(parts).not.toContain('mime-db/db.json');
});
