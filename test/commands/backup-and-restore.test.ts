import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBesideApp } from '../../server/commands/open-beside-app.ts';
import { engines } from '../support/store/engines.ts';
import { placeForProcess } from '../support/process/place-for-process.ts';
import { runPostgresTool } from '../support/store/postgres-tools.ts';
import { runCommand } from '../support/process/run-command.ts';
import { startProcessShop } from '../support/process/start-process-shop.ts';
import {
  answersIn,
  deliver,
  openConversation,
  startTalking,
  write,
  type Said,
} from '../support/process/talk-to-shop.ts';
import { waitUntil } from '../support/wait-until.ts';

const SECRETS = {
  SESSION_SECRETS: 's'.repeat(32),
  ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
};

describe.each(engines)('a backup that is put back on %s', (engine) => {
  let place: Awaited<ReturnType<typeof placeForProcess>>;
  let shop: Awaited<ReturnType<typeof startProcessShop>>;
  let folder: string;
  let file: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shopkeeper-backup-'));
    file = join(folder, 'backup');
    place = await placeForProcess(engine);
    const { DATABASE_URL: url } = place.settings;
    const name = url === undefined ? {} : { DATABASE_URL: `${url}?application_name=mine` };
    shop = await startProcessShop({ ...name, ...SECRETS });
    await shop.install('acme');
  });
  afterAll(async () => {
    await shop.close();
    await place.remove();
    await rm(folder, { recursive: true, force: true });
  });

  it('is refused while the app runs, by whatever name it is connected', async () => {
    await backUp();

    const { exitCode, output } = await runCommand('restore', {
      args: engine === 'sqlite' ? [file] : [],
      environment: shop.environment(),
    });

    expect(exitCode).toBe(1);
    expect(output).toMatch(/Stop (it first|every instance)/);
    expect(output).not.toContain('    at ');
  });

  it(
    'after a crash loses nothing from before the backup, and answers nobody twice',
    { timeout: 120_000 },
    async () => {
      const before = startTalking(shop, { customers: 2 });
      await waitUntil('customers talk', () => before.acknowledged.length > 10);
      await before.stop();
      await waitForUnsettled('they are answered', (count) => count === 0);
      // The first call never ends, the second is put off; what comes after waits behind them untouched.
      shop.zendesk.armFault({ kind: 'hang', operation: 'PostMessage' });
      const stillWaiting = await writeMany();
      shop.zendesk.armFault({
        kind: 'answer',
        operation: 'PostMessage',
        status: 503,
        retryAfter: 8,
      });
      const answeredAfterwards = await writeMany();
      await waitForUnsettled('they wait', (count) => count >= 10);

      const during = startTalking(shop, { customers: 2 });
      await waitUntil('customers talk', () => during.acknowledged.length > 10);
      await backUp();
      const atBackup = during.acknowledged.length;
      await waitUntil('they talk on', () => during.acknowledged.length > atBackup + 20);
      await during.stop();
      await waitUntil(
        'all but the stuck are answered',
        () =>
          [...answeredAfterwards, ...during.acknowledged].every((said) => countAnswers(said) > 0),
        60_000,
      );
      await shop.app().end('SIGKILL');
      await putBack();
      await shop.restart();

      const everything = [
        ...before.acknowledged,
        ...stillWaiting,
        ...answeredAfterwards,
        ...during.acknowledged,
      ];
      for (const said of everything) expect(await deliver(shop, said)).toBe(200);
      await waitForUnsettled('all is settled', (count) => count === 0, 60_000);
      expect(everything.filter((said) => countAnswers(said) !== 1)).toEqual([]);
    },
  );

  /** Five messages of one customer, all acknowledged. */
  async function writeMany(): Promise<Said[]> {
    const conversationId = openConversation(shop);
    const all = [1, 2, 3, 4, 5].map((n) => write(shop, conversationId, `word ${n} of five`));
    for (const said of all) expect(await deliver(shop, said)).toBe(200);
    return all;
  }

  async function backUp(): Promise<void> {
    await rm(file, { force: true });
    const url = shop.environment()['DATABASE_URL'];
    if (url !== undefined)
      return runPostgresTool('pg_dump', ['--format=custom', `--file=${file}`, url]);
    const { exitCode, output } = await runCommand('backup', {
      args: [file],
      environment: shop.environment(),
    });
    expect(output).toContain('Its secrets need these encryption keys: k1.');
    expect(exitCode).toBe(0);
  }

  async function putBack(): Promise<void> {
    const url = shop.environment()['DATABASE_URL'];
    if (url !== undefined) {
      const options = ['--clean', '--if-exists', '--no-owner'];
      await runPostgresTool('pg_restore', [...options, `--dbname=${url}`, file]);
    }
    const args = url === undefined ? [file] : [];
    await waitUntil('the connections of the killed app are gone', async () => {
      const { exitCode } = await runCommand('restore', { args, environment: shop.environment() });
      return exitCode === 0;
    });
  }

  /** Until so many events are unsettled. */
  async function waitForUnsettled(
    what: string,
    isIt: (count: number) => boolean,
    withinMs?: number,
  ): Promise<void> {
    const databaseUrl = shop.environment()['DATABASE_URL'];
    const database = await openBesideApp({ databaseUrl, dataDir: shop.dataDir }, 'read');
    const unsettled = database.kysely
      .selectFrom('events')
      .select('seq')
      .where('state', 'in', ['waiting', 'working']);
    await waitUntil(what, async () => isIt((await unsettled.execute()).length), withinMs);
    await database.close();
  }

  const countAnswers = ({ conversationId, words }: Said) =>
    answersIn(shop, conversationId).filter((answer) => answer === words).length;
});
