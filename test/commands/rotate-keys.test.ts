import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { features } from '../../server/features.ts';
import type { Database } from '../../server/store/engines/database.ts';

import { migrate } from '../../server/store/migrate.ts';
import { listKeyIds } from '../../server/commands/doctor/key-use.ts';
import type { CommandDatabase } from '../../server/commands/engine-commands.ts';
import { openBesideApp } from '../../server/commands/open-beside-app.ts';
import { installationOwner } from '../../server/store/secrets/secrets.ts';
import { createAppState } from '../../server/store/tables/app-state.ts';
import { createVault } from '../../server/store/secrets/vault.ts';
import { engines, openDatabase } from '../support/store/engines.ts';
import { placeForProcess } from '../support/process/place-for-process.ts';
import { runCommand, startCommand } from '../support/process/run-command.ts';
import { seedSecrets } from '../support/secrets/seed-secrets.ts';
import { startProcessShop } from '../support/process/start-process-shop.ts';
import { answersIn, startTalking } from '../support/process/talk-to-shop.ts';
import { waitUntil } from '../support/wait-until.ts';

const k1 = { id: 'k1', key: Buffer.alloc(32, 1) };
const k2 = { id: 'k2', key: Buffer.alloc(32, 2) };
const write = (...keys: (typeof k1)[]) =>
  keys.map(({ id, key }) => `${id}:${key.toString('base64')}`).join(',');
const OLD = { SESSION_SECRETS: 's'.repeat(32), ENCRYPTION_KEYS: write(k1) };
const BOTH = { ENCRYPTION_KEYS: write(k2, k1) };
const NEW = { ENCRYPTION_KEYS: write(k2) };
const FEW = 50;
/** Several batches: enough to talk to the app while the command is at it. */
const SOME = 400;
/** Enough to kill the command while it is at it. */
const MANY = 1_500;

describe.each(engines)('npm run rotate-keys on %s', { timeout: 240_000 }, (engine) => {
  let place: Awaited<ReturnType<typeof placeForProcess>>;
  beforeEach(async () => {
    place = await placeForProcess(engine);
  });
  afterEach(() => place.remove());

  describe('while the app runs', () => {
    let shop: Awaited<ReturnType<typeof startProcessShop>>;
    let database: CommandDatabase;
    beforeEach(async () => {
      shop = await startProcessShop({ ...place.settings, ...OLD });
      const databaseUrl = shop.environment()['DATABASE_URL'];
      database = await openBesideApp({ databaseUrl, dataDir: shop.dataDir }, 'write');
      await shop.install('acme');
    });
    afterEach(async () => {
      await database.close();
      await shop.close();
    });

    it('leaves everything alone until it was started with the new key, then encrypts everything again, and nobody notices', async () => {
      await seedSecrets(database, { count: SOME, key: k1 });
      const early = await runCommand('rotate-keys', {
        environment: { ...shop.environment(), ...BOTH },
      });
      expect(early).toMatchObject({ exitCode: 1 });
      expect(early.output).toContain('The app was not started with the key k2 yet');
      expect(await listKeyIds(database)).toEqual([{ keyId: 'k1', secrets: SOME + 2 }]);

      await shop.app().end('SIGTERM');
      await shop.restart(BOTH);
      const talk = startTalking(shop, { customers: 4 });
      await waitUntil('customers talk', () => talk.acknowledged.length > 20);

      const { exitCode, output } = await runCommand('rotate-keys', {
        environment: shop.environment(),
      });

      const before = talk.acknowledged.length;
      await waitUntil('they still talk', () => talk.acknowledged.length > before + 20);
      await talk.stop();
      expect(exitCode).toBe(0);
      expect(output).toContain(`Stored secrets: ${SOME + 2} with k1. The newest key is k2.`);
      expect(output).toContain(`${SOME + 2} encrypted again. Stored secrets: ${SOME + 2} with k2.`);
      expect(output).toContain('Nothing stored needs k1 any more');
      // On a busy machine a delivery may meet the command's lock; Zendesk then sends it again.
      expect(talk.refused()).toBeLessThan(talk.acknowledged.length / 20);
      await expectEveryoneAnsweredOnce(talk);

      await shop.app().end('SIGTERM');
      await shop.restart(NEW);
      const afterwards = startTalking(shop, { customers: 2 });
      await waitUntil('a message was taken', () => afterwards.acknowledged.length > 0);
      await afterwards.stop();
      await expectEveryoneAnsweredOnce(afterwards);
      expect(shop.app().output()).not.toContain('cannot be decrypted');
    });

    async function expectEveryoneAnsweredOnce(talk: ReturnType<typeof startTalking>) {
      const all = talk.acknowledged.map(({ words }) => words).toSorted();
      const answers = () => talk.conversationIds.flatMap((id) => answersIn(shop, id));
      await waitUntil('all are answered', () => answers().length >= all.length, 90_000);
      expect(answers().toSorted()).toEqual(all);
    }
  });

  describe('in a database that an app was started with', () => {
    let dataDir: string;
    let database: Database;
    beforeEach(async () => {
      dataDir = await mkdtemp(join(tmpdir(), 'shopkeeper-rotate-'));
      database = await openDatabase({ databaseUrl: place.settings.DATABASE_URL, dataDir });
      await migrate(database, features);
      await createAppState(database).write('newest_key', k2.id);
    });
    afterEach(async () => {
      await database.close();
      await rm(dataDir, { recursive: true });
    });

    const start = () =>
      startCommand('rotate-keys', {
        environment: { ...place.settings, ...OLD, ...BOTH, SANDBOX: '1', DATA_DIR: dataDir },
      });
    const countOf = async (keyId: string) =>
      (await listKeyIds(database)).find((use) => use.keyId === keyId)?.secrets ?? 0;

    it('goes on where it was killed', async () => {
      const seeded = await seedSecrets(database, { count: MANY, key: k1 });
      const killed = start();
      await waitUntil('it begins', () => killed.output().includes('Stored secrets'));
      await waitUntil('some are done', async () => (await countOf('k2')) > 0);
      killed.kill();
      expect((await killed.ended).exitCode).toBeNull();
      expect(await countOf('k1')).toBeGreaterThan(0);

      expect(await start().ended).toMatchObject({ exitCode: 0 });

      expect(await listKeyIds(database)).toEqual([{ keyId: 'k2', secrets: MANY }]);
      const vault = createVault([k2]);
      const rows = await database.kysely.selectFrom('secrets').selectAll().execute();
      const tokens = rows.map((row) => [row.owner, row.field, vault.decrypt(row)].join(' '));
      const wanted = seeded.map((id) => `${installationOwner(id)} access_token token of ${id}`);
      expect(tokens.toSorted()).toEqual(wanted.toSorted());
    });

    it.runIf(engine === 'postgres')(
      'says what to do when the database fails meanwhile',
      async () => {
        await seedSecrets(database, { count: MANY, key: k1 });
        const cut = start();
        await waitUntil('some are done', async () => (await countOf('k2')) > 0);
        // A connection that is lost between two statements is replaced, so this is taken away for good.
        await sql`alter table secrets rename to taken_away`.execute(database.kysely);
        const { exitCode, output } = await cut.ended;
        expect(exitCode).toBe(1);
        expect(output).toMatch(/^The database failed in the middle of it: .*; run this again\.$/m);
        expect(output).not.toContain('    at ');
      },
    );

    it('names whose secret it could not read, does the others, and ends with 1', async () => {
      const seeded = await seedSecrets(database, { count: FEW, key: k1 });
      const [first = '', second = ''] = seeded;
      await database.kysely
        .updateTable('secrets')
        .set({ key_id: 'k0' })
        .where('owner', '=', installationOwner(first))
        .execute();
      await database.kysely
        .updateTable('secrets')
        .set({ ciphertext: 'AAAA' })
        .where('owner', '=', installationOwner(second))
        .execute();

      const { exitCode, output } = await start().ended;

      expect(exitCode).toBe(1);
      expect(output).toContain('Could not be decrypted, and left as they are: 2');
      expect(output).toContain(
        `access_token of the account “Account ${first}” (installation ${first})`,
      );
      expect(output).toContain('needs the encryption key "k0"');
      expect(output).toContain(`“Account ${second}”`);
      expect(output).not.toContain('Nothing stored needs');
      expect(output).not.toContain('    at ');
      expect(await listKeyIds(database)).toEqual([
        { keyId: 'k0', secrets: 1 },
        { keyId: 'k1', secrets: 1 },
        { keyId: 'k2', secrets: FEW - 2 },
      ]);
    });
  });
});
