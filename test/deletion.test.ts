import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, inject, it } from 'vitest';
import { findProjectRoot } from '../server/config/env-file.ts';
import { features } from '../server/features.ts';
import { descriptionFile } from './support/openapi/description.ts';
import {
  apply,
  copyProject,
  inOneGo,
  readDeletions,
  runTool,
  type Deletion,
} from './support/deletions.ts';

const root = findProjectRoot();
const page = await readFile(join(root, 'docs/make-it-yours.md'), 'utf8');
const lists = readDeletions(page);
const names = features.map(({ name }) => name);

/** Of the core alone: every page that is left, a message that is answered, and what is quick. */
const CORE_TESTS = [
  'test/every-link.test.ts',
  'test/imports.test.ts',
  'test/runtime/dispatch.test.ts',
  'test/bot/',
  'test/deploy/',
  'test/story/conversation.test.ts',
];

/** Two at a time (vitest.config.ts), each in a copy of its own. */
async function tryWithout(
  deletions: readonly Deletion[],
  lookCloser = async (_folder: string) => {},
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'shopkeeper-deletion-'));
  try {
    await copyProject(root, folder);
    for (const deletion of deletions) await apply(folder, deletion);
    // Several threads would each find out again what most types are.
    await runTool(folder, 'typescript/bin/tsc', ['--noEmit', '--singleThreaded']);
    await lookCloser(folder);
    await runCoreTests(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runCoreTests(folder: string): Promise<void> {
  const database = inject('postgresUrl');
  // It lies beside this checkout, not beside the copy.
  const env = {
    OPENAPI_FILE: descriptionFile,
    ...(database === null ? {} : { TEST_DATABASE_URL: database }),
  };
  const args = ['run', '--maxWorkers=1', '--reporter=dot', ...CORE_TESTS];
  await runTool(folder, 'vitest/vitest.mjs', args, env);
}

describe.concurrent('docs/make-it-yours.md is true:', { timeout: 600_000 }, () => {
  it('has a list for every feature', ({ expect }) => {
    expect([...lists.keys()]).toEqual(expect.arrayContaining(names));
  });

  it.for([...lists.keys()])(
    'without %s it compiles, shows every page and answers',
    async (name, { skip }) => {
      // What is left then is PostgreSQL, and .ci/run has one.
      skip(name === 'sqlite' && inject('postgresUrl') === null);
      await tryWithout(lists.get(name) ?? []);
    },
  );

  it('the core alone, on one database, compiles, shows every page and answers', async () => {
    const all = names.flatMap((name) => (name === 'sqlite' ? [] : (lists.get(name) ?? [])));
    // As the page says, with all that there is to find.
    await tryWithout(inOneGo(all), async (folder) => {
      await runTool(folder, 'oxfmt/bin/oxfmt', ['.']);
      await runTool(folder, 'oxlint/bin/oxlint', ['--type-aware', '--deny-warnings']);
      await runTool(folder, 'oxfmt/bin/oxfmt', ['--check', '.']);
    });
  });
});
