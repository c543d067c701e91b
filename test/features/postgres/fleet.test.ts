import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresIsAvailable } from '../../support/store/engines.ts';
import {
  findPostgresBinaries,
  startPostgres,
  type PostgresCluster,
} from '../../support/store/postgres.ts';
import { startFleet } from '../../support/process/start-fleet.ts';
import { talkToFleet } from '../../support/process/talk-to-fleet.ts';
import { waitUntil } from '../../support/wait-until.ts';

const CUSTOMERS = 8;

/** A cluster of its own: it is crashed on purpose. */
describe.runIf(postgresIsAvailable)('two processes on one PostgreSQL', { timeout: 180_000 }, () => {
  let cluster: PostgresCluster;
  let fleet: Awaited<ReturnType<typeof startFleet>>;
  let installed: Awaited<ReturnType<typeof fleet.install>>;

  beforeAll(async () => {
    const binaries = await findPostgresBinaries();
    if (binaries === undefined)
      throw new Error('This test crashes a PostgreSQL of its own: install one.');
    cluster = await startPostgres(binaries, { durable: true });
    fleet = await startFleet({ databaseUrl: cluster.url, instances: 2 });
    installed = await fleet.install();
  });
  afterAll(async () => {
    await fleet.close();
    await cluster.stop();
  });

  it('both know the browser and show it what the other did', async () => {
    const { browser, id } = installed;
    const cookie = browser.cookieHeader();
    const feed = await fetch(`${fleet.url(1)}/installations/${id}/activity?after=0`, {
      headers: { cookie, accept: 'text/event-stream' },
    });
    expect(feed.status).toBe(200);
    // The webhook points to the first process; the feed is read from the second.
    const { conversationId } = fleet.zendesk.createConversation({ account: 'acme' });
    await waitUntil('the bot said hello', () => fleet.zendesk.messages(conversationId).length > 0);
    let seen = '';
    for await (const chunk of feed.body ?? []) {
      seen += Buffer.from(chunk).toString();
      if (seen.includes('New conversation greeted')) break;
    }
    expect(seen).toContain('Installed in Acme Outdoor');
  });

  it('answer each acknowledged event once and in order while one is killed and PostgreSQL crashes', async () => {
    const talk = talkToFleet(fleet, installed, { customers: CUSTOMERS });
    await sleep(800);
    await fleet.kill(1);
    await sleep(500);
    await fleet.restart(1);
    await cluster.crash();
    await sleep(800);
    await fleet.kill(0);
    await fleet.restart(0);
    await sleep(500);
    await talk.stop();
    await talk.expectEveryoneAnsweredOnce();
    expect(talk.acknowledged()).toBeGreaterThan(CUSTOMERS * 5);
  });
});
