import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect } from 'vitest';
import { findProjectRoot } from '../../../server/config/env-file.ts';
import { installationOwner, WEBHOOK_SECRET } from '../../../server/store/secrets/secrets.ts';
import {
  CLIENT_SECRET,
  repliesIn,
  startShop,
  type Shop,
  type ShopOptions,
} from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { exchange, type Exchange } from './exchange.ts';
import { readCsrf } from '../../support/browser/browser.ts';

/** As in production, where it is half a minute, but within the patience of a test. */
const PATIENCE = {
  requestTimeout: 400,
  headersTimeout: 400,
  keepAliveTimeout: 200,
  connectionsCheckingInterval: 50,
};

/** What the strictest rate limit, that of exports, lets through in a minute. */
const WITHIN_LIMITS = 10;

/** What only a stack or a library would say. */
const LEAK =
  /\n\s+at |\wError\b|node_modules|node:internal|SQLITE|[Uu]nexpected token|end of JSON|byte sequence|[Mm]alformed|request aborted/;

/** Half a delivery cannot be stored, and the clock of a test that moves it is off at the next start. */
const RIGHTLY_SAID = /The sender hung up\.|ahead of the database\./;

export type Target = Awaited<ReturnType<typeof watch<Opened>>>;

/** An account that was opened, and what belongs to it. */
export interface Opened extends Awaited<ReturnType<Shop['install']>> {
  shop: Shop;
  close: () => Promise<void>;
}

/** The installed app. */
export async function openTarget(options: ShopOptions = {}) {
  const shop = await startShop(options);
  return watch({ shop, ...(await shop.install()), close: () => shop.close() });
}

/**
 * An opened account on a server of its own, and what there is to find out about damage.
 * @param secrets that nobody may see, beside those of the account.
 */
export async function watch<Account extends Opened>(opened: Account, secrets: string[] = []) {
  const { shop, browser, id, statusUrl } = opened;
  const key = (await shop.stores.secrets.get(installationOwner(id), WEBHOOK_SECRET)) ?? '';
  const csrf = readCsrf(await browser.get(statusUrl));
  const session = browser.cookies.get('shopkeeper')?.value ?? '';
  if (key === '' || session === '') throw new Error('The account was not opened completely.');

  const server = createServer(PATIENCE, shop.handle).listen(0);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port was assigned');
  const { port } = address;

  const faults: unknown[] = [];
  const note = (fault: unknown) => faults.push(fault);
  process.on('unhandledRejection', note);
  process.on('uncaughtException', note);

  let sent = 0;
  /**
   * Lets so many more requests be read, where a rate limit could answer them: the limits forget with a
   * restart, which costs as much as many requests do.
   */
  async function makeRoom(count: number): Promise<void> {
    if (sent + count > WITHIN_LIMITS) {
      await shop.restart();
      sent = 0;
    }
    sent += count;
  }

  /** Fails on what no stranger may see or cause, whatever was sent. */
  function expectHarmless({ received, statuses, closed }: Exchange, allowed: number[] = []): void {
    const failures = statuses.filter((status) => status >= 500 && !allowed.includes(status));
    expect(failures, received).toEqual([]);
    expect(LEAK.exec(received)?.[0], received).toBeUndefined();
    expect(received).not.toContain(findProjectRoot());
    expect(closed, `The connection was still open after\n${received}`).toBe(true);
  }

  return {
    ...opened,
    port,
    hook: { path: `/webhooks/${id}`, key },
    /** What a request of the owner has and a stranger's has not. */
    cookie: `Cookie: shopkeeper=${session}`,
    csrf,

    makeRoom,

    /**
     * Sends these at once, each on a connection of its own, within the rate limits, and fails on any
     * harm. Answers the statuses.
     */
    async attack(requests: readonly Buffer[], allowed?: number[]): Promise<number[]> {
      await makeRoom(requests.length);
      const answers = await Promise.all(requests.map((bytes) => exchange(port, [bytes])));
      for (const answer of answers) expectHarmless(answer, allowed);
      return answers.flatMap(({ statuses }) => statuses);
    },
    expectHarmless,

    /** After an attack: nothing broke, nothing was told, and a new account is served as ever. */
    async expectUnharmed(): Promise<void> {
      await shop.restart();
      await shop.install('bloom');
      const { conversationId } = shop.zendesk.createConversation({ account: 'bloom' });
      shop.zendesk.sendCustomerMessage({ conversationId, text: 'Still there?' });
      await waitUntil('the bot answers', () =>
        repliesIn(shop, conversationId).some((reply) => reply.includes('Still there?')),
      );
      expect(faults).toEqual([]);
      const errors = shop.printed.filter((line) => line.includes('"level":50'));
      expect(errors.filter((line) => !RIGHTLY_SAID.test(line))).toEqual([]);
      const all = [CLIENT_SECRET, key, csrf, session, ...secrets].concat(
        shop.zendesk.installations().flatMap(({ accessTokens }) => accessTokens),
      );
      const printed = shop.printed.join('');
      expect(all.filter((secret) => printed.includes(secret))).toEqual([]);
    },

    async close(): Promise<void> {
      process.off('unhandledRejection', note);
      process.off('uncaughtException', note);
      server.close();
      server.closeAllConnections();
      await opened.close();
    },
  };
}
