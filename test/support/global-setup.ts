import type { TestProject } from 'vitest/node';
import { buildAssets } from '../../scripts/build-assets.js';
import { findProjectRoot } from '../../server/config/env-file.ts';
import { descriptionIsAvailable, HOW_TO_GET_IT } from './openapi/description.ts';
import { createCluster, findPostgresBinaries, startPostgres } from './store/postgres.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A PostgreSQL server to create databases in; null on a machine without one. */
    postgresUrl: string | null;
  }
}

/** What pages look like, and one PostgreSQL server for the whole run: TEST_DATABASE_URL's, or a private one. */
export default async function setUp(
  project: TestProject,
): Promise<(() => Promise<void>) | undefined> {
  await buildAssets(findProjectRoot());
  if (!descriptionIsAvailable)
    console.warn(`\n${HOW_TO_GET_IT}\nUntil then, calls are not held against it.\n`);
  const givenUrl = process.env['TEST_DATABASE_URL'];
  if (givenUrl) {
    project.provide('postgresUrl', givenUrl);
    return undefined;
  }
  const binaries = await findPostgresBinaries();
  if (!binaries) {
    reportMissingPostgres();
    project.provide('postgresUrl', null);
    return undefined;
  }
  // For this server, and for those of the tests that have one of their own.
  process.env['TEST_POSTGRES_CLUSTER'] = (await createCluster(binaries)).data;
  const cluster = await startPostgres(binaries);
  project.provide('postgresUrl', cluster.url);
  return () => cluster.stop();
}

function reportMissingPostgres(): void {
  const remedy =
    'run `apt-get install postgresql`, or set TEST_DATABASE_URL to a server to create databases in';
  if (process.env['CI'])
    throw new Error(`PostgreSQL was not found, and CI skips nothing: ${remedy}.`);
  console.warn(
    `\nPostgreSQL was not found, so its half of the store tests is skipped: ${remedy}.\n`,
  );
}
