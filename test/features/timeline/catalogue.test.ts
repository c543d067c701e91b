import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../server/features/timeline/catalogue.ts';
import { findDefinition } from '../../../server/features/timeline/find-definition.ts';
import { findProjectRoot } from '../../../server/config/env-file.ts';

const root = findProjectRoot();

describe('the catalogue of steps', () => {
  it.each(Object.entries(catalogue))('names a function that exists for %s', async (_key, entry) => {
    const source = await readFile(join(root, entry.file), 'utf8');
    const definition = findDefinition(source, entry.functionName);
    expect(definition, `${entry.functionName} in ${entry.file}`).toBeDefined();
    expect(definition?.last).toBeGreaterThan(definition?.first ?? 0);
  });

  it('knows every operation we call, but the one that ends an installation and its traces', async () => {
    const folder = join(root, 'server/zendesk');
    const sources = await Promise.all(
      (await readdir(folder)).map((file) => readFile(join(folder, file), 'utf8')),
    );
    const calls = [...sources.join('\n').matchAll(/operation: '(\w+)'/g)];
    const unknown = calls.map(([, name = '']) => name).filter((name) => !(name in catalogue));
    expect(unknown).toEqual(['RevokeAccess']);
  });

  it('links to Zendesk’s developer documentation and nowhere else', () => {
    for (const { documentation } of Object.values(catalogue)) {
      if (documentation === null) continue;
      expect(documentation.href).toMatch(
        /^https:\/\/developer\.zendesk\.com\/(documentation|api-reference)\/conversations\//,
      );
    }
  });
});
