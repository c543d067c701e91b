import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messageOf, OperatorError } from '../../../server/errors.ts';
import { openBesideApp } from '../../../server/commands/open-beside-app.ts';
import { migrate } from '../../../server/store/migrate.ts';
import { postgresIsAvailable, openDatabase } from '../../support/store/engines.ts';
import {
  findPostgresBinaries,
  startPostgres,
  type PostgresCluster,
} from '../../support/store/postgres.ts';
import { features } from '../../../server/features.ts';

const run = promisify(execFile);
const PASSWORD = 'pa#ss/wo?rd@100%';
const WRITTEN = encodeURIComponent(PASSWORD);

/** A server of its own, with passwords, and a certificate of an authority of its own for `localhost`. */
describe.runIf(postgresIsAvailable)('a PostgreSQL that cannot be used', () => {
  let cluster: PostgresCluster;
  let folder: string;
  let port: string;

  beforeAll(async () => {
    const binaries = await findPostgresBinaries();
    if (binaries === undefined) throw new Error('This test needs a PostgreSQL of its own.');
    cluster = await startPostgres(binaries);
    port = new URL(cluster.url).port;
    folder = await mkdtemp(join(tmpdir(), 'shopkeeper-failures-'));
    await chmod(folder, 0o755);
    await makeCertificates();
    await writeFile(join(folder, 'hba.conf'), HBA);
    const client = new pg.Client({ connectionString: cluster.url });
    await client.connect();
    for (const [name, value] of Object.entries({
      ssl: 'on',
      ssl_cert_file: join(folder, 'server.pem'),
      ssl_key_file: join(folder, 'server.key'),
      hba_file: join(folder, 'hba.conf'),
    }))
      await client.query(`alter system set ${name} = '${value}'`);
    await client.query(`create role shop login password '${PASSWORD}'`);
    await client.query('create database shop owner shop');
    await client.end();
    await cluster.pause('fast');
    await cluster.start();
  });
  afterAll(async () => {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it.each([
    [
      'nothing listens',
      () => 'postgres://shop:secret@127.0.0.1:1/shop',
      /127\.0\.0\.1:1 .*nothing/,
    ],
    [
      'a name has two addresses',
      () => 'postgres://shop:secret@localhost:1/shop',
      /localhost:1 cannot be used: nothing listens there \(ECONNREFUSED\)/,
    ],
    [
      'the host is unknown',
      () => 'postgres://shop:secret@no-such-host.invalid/shop',
      /no-such-host\.invalid:5432 .*host/,
    ],
    ['the password is wrong', () => address('shop:secret'), /refused the password \(28P01\)/],
    ['there is no password', () => address('shop'), /wants a password, and there is none/],
    ['there is no such database', () => address(`shop:${WRITTEN}`, '', 'none'), /no such database/],
    [
      'the authority is unknown',
      () => address(`shop:${WRITTEN}`, '?sslmode=require'),
      /nobody this machine trusts has signed.*sslrootcert/,
    ],
    [
      'the certificate is for another name',
      () =>
        address(`shop:${WRITTEN}`, `?sslmode=require&sslrootcert=${folder}/ca.pem`).replace(
          'localhost',
          '127.0.0.1',
        ),
      /its certificate is for another host name/,
    ],
    [
      'the file of the authority is missing',
      () => address(`shop:${WRITTEN}`, '?sslmode=verify-full&sslrootcert=/no/such/ca.pem'),
      /\/no\/such\/ca\.pem/,
    ],
    [
      'start-up settings are refused',
      () => address(`shop:${WRITTEN}`, '?options=-c%20no_such_setting%3D1'),
      /no_such_setting/,
    ],
  ])('says what, where and what to do when %s', async (_what, write, expected) => {
    const databaseUrl = write();
    const failures = [await failureOfApp(databaseUrl), await failureOfCommand(databaseUrl)];

    for (const failure of failures) {
      expect(failure).toBeInstanceOf(OperatorError);
      expect(messageOf(failure)).toMatch(expected);
      expect(messageOf(failure)).toMatch(/ DATABASE_URL\.$/);
      expect(messageOf(failure)).not.toMatch(/secret|pa#|pa%23/);
    }
    expect(messageOf(failures[0])).toBe(messageOf(failures[1]));
  });

  it.each([
    ['its authority', () => `?sslmode=require&sslrootcert=${folder}/ca.pem`],
    ['no check', () => '?sslmode=no-verify'],
  ])('is used over TLS with %s', async (_what, write) => {
    const database = await openDatabase({
      databaseUrl: address(`shop:${WRITTEN}`, write()),
      dataDir: '',
    });

    await migrate(database, features);
    await database.close();
  });

  it('is one whose tables are of another role, as after a restore by a superuser', async () => {
    const url = await cluster.createDatabase('foreign_tables');
    const database = await openDatabase({ databaseUrl: url, dataDir: '' });
    await migrate(database, features);
    await database.close();
    const ours = address(`shop:${WRITTEN}`, '', 'foreign_tables');
    for (const failure of [await failureOfApp(ours), await failureOfCommand(ours)])
      expect(failure).toMatchObject({ message: expect.stringContaining('belong to another role') });
  });

  it('is one that has not every character: the start and every command say how to make another', async () => {
    const client = new pg.Client({ connectionString: cluster.url });
    await client.connect();
    await client.query("create database latin encoding 'LATIN1' template template0");
    await client.end();
    const url = cluster.url.replace(/postgres$/, 'latin');
    for (const failure of [await failureOfApp(url), await failureOfCommand(url)])
      expect(failure).toMatchObject({
        message: expect.stringMatching(/keeps text as LATIN1.*create database .* 'UTF8'/),
      });
  });

  function address(user: string, search = '', database = 'shop'): string {
    return `postgres://${user}@localhost:${port}/${database}${search}`;
  }

  async function makeCertificates(): Promise<void> {
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    const key = ['req', '-x509', ...curve, '-days', '2'];
    const make = (name: string, ...rest: string[]) =>
      run('openssl', [...key, '-keyout', `${name}.key`, '-out', `${name}.pem`, ...rest], {
        cwd: folder,
      });
    await make('ca', '-subj', '/CN=A company');
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const signer = ['-CA', 'ca.pem', '-CAkey', 'ca.key'];
    await make('server', ...names, '-addext', 'basicConstraints=critical,CA:FALSE', ...signer);
    await cluster.own(join(folder, 'server.key'));
  }
});

const HBA = `host all postgres 127.0.0.1/32 trust
host all shop 127.0.0.1/32 scram-sha-256
`;

async function failureOfApp(databaseUrl: string): Promise<unknown> {
  const database = await openDatabase({ databaseUrl, dataDir: '' });
  const failure = await migrate(database, features).catch((error: unknown) => error);
  await database.close();
  return failure;
}

async function failureOfCommand(databaseUrl: string): Promise<unknown> {
  return openBesideApp({ databaseUrl, dataDir: '' }, 'read').catch((error: unknown) => error);
}
