import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../../server/features/postgres/commands.ts';

const URL = 'postgres://shop:a%20b@db.example/shop?a=1&b=2';
const FILE = '/backups/of May/shopkeeper.dump';

/** What an operator copies into a shell. */
function linesOf(place: { databaseUrl: string; databaseDirectUrl?: string }): string[] {
  const { copies } = commands;
  if (!('describeBackUp' in copies)) throw new Error('PostgreSQL has tools of its own');
  const at = { databaseDirectUrl: undefined, ...place, dataDir: '/data' };
  const said = [copies.describeBackUp(at), copies.describeRestore(at, FILE)];
  return said.flatMap((text) => text.split('\n')).filter((line) => /^ *pg_/.test(line));
}

describe('the tools of PostgreSQL, as `npm run backup` and `npm run restore` name them', () => {
  let folder: string;
  /** Tools that tell what they were given, a line each. */
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'shopkeeper-tools-'));
    for (const name of ['pg_dump', 'pg_restore']) {
      writeFileSync(join(folder, name), '#!/bin/sh\nprintf "%s\\n" "$@"\n');
      chmodSync(join(folder, name), 0o755);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const run = (line: string, variables: Record<string, string>) =>
    spawnSync('/bin/sh', ['-c', line], { env: { PATH: folder, ...variables }, encoding: 'utf8' });

  it('take the database of the variable, and the whole name of the file', () => {
    const [dump = '', restore = ''] = linesOf({ databaseUrl: URL });
    expect(run(dump, { DATABASE_URL: URL }).stdout.split('\n')).toContain(URL);
    const given = run(restore, { DATABASE_URL: URL }).stdout.split('\n');
    expect(given).toEqual(expect.arrayContaining([`--dbname=${URL}`, FILE]));
  });

  it('take none where the shell does not know it: an empty address is another database', () => {
    const lines = [
      ...linesOf({ databaseUrl: URL }),
      ...linesOf({ databaseUrl: 'postgres://pooler/shop', databaseDirectUrl: URL }),
    ];
    expect(lines).toHaveLength(4);
    for (const [index, line] of lines.entries()) {
      const { status, stdout, stderr } = run(line, {});
      expect([status === 0, stdout]).toEqual([false, '']);
      expect(stderr).toContain(index < 2 ? 'DATABASE_URL' : 'DATABASE_DIRECT_URL');
    }
  });
});
