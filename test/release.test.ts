import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { findProjectRoot } from '../server/config/env-file.ts';

const SANDBOX = '@shopkeeper/zendesk-sandbox';
const Package = z.object({
  version: z.string(),
  dependencies: z.record(z.string(), z.string()).default({}),
});
const Lock = z.object({ version: z.string(), packages: z.record(z.string(), z.unknown()) });

const read = (path: string): string => readFileSync(join(findProjectRoot(), path), 'utf8');
const readJson = (path: string): unknown => JSON.parse(read(path));

/** The headings of the versions, newest first: `## [1.0.0] - 2026-11-28`. */
const released = [...read('CHANGELOG.md').matchAll(/^## \[(\d+\.\d+\.\d+)\] - (.+)$/gm)].map(
  ([, version = '', date = '']) => ({ version, date }),
);

describe('a release', () => {
  const app = Package.parse(readJson('package.json'));

  it('has one version: of the app, of the sandbox, and in the lock file', () => {
    const lock = Lock.parse(readJson('package-lock.json'));
    const ours = ['', 'sandbox'].map((path) => Package.parse(lock.packages[path]));
    const versions = [
      app.dependencies[SANDBOX],
      Package.parse(readJson('sandbox/package.json')).version,
      lock.version,
      ...ours.map(({ version }) => version),
      ours[0]?.dependencies[SANDBOX],
    ];
    expect(versions).toEqual(versions.map(() => app.version));
  });

  it('is the newest in the CHANGELOG, below what is not released yet', () => {
    expect(released[0]?.version).toBe(app.version);
    expect(read('CHANGELOG.md').indexOf('## [Unreleased]')).toBeLessThan(
      read('CHANGELOG.md').indexOf(`## [${app.version}]`),
    );
  });

  it('has a date that has come, and none is older than the one below it', () => {
    const dates = released.map(({ date }) => date);
    for (const date of dates) {
      expect(date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect(Date.parse(date)).toBeLessThanOrEqual(Date.now());
    }
    expect(dates).toEqual(dates.toSorted().toReversed());
  });
});
