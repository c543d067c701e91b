import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';
import { createLocalSignals, type Channel, type Signals } from './signals.ts';

const NOTIFY_CHANNEL = 'shopkeeper';
const RECONNECT_AFTER_MS = 1_000;

const Hint = z.tuple([z.enum(['events', 'activity', 'installations']), z.string()]);

/**
 * LISTEN and NOTIFY on a connection of their own. Our own listeners hear at once; the other instances
 * hear what gathered since the last NOTIFY, each hint once. A lost connection is opened again.
 */
export function createPostgresSignals(connectionString: string): Signals {
  const local = createLocalSignals();
  const gathered = new Set<string>();
  const closing = new AbortController();
  let client: pg.Client | undefined;
  let sending = false;

  async function listen(): Promise<void> {
    while (!closing.signal.aborted) {
      const fresh = new pg.Client({
        connectionString,
        application_name: 'shopkeeper signals',
        keepAlive: true,
      });
      const lost = new Promise<void>((resolve) => {
        fresh.on('error', () => resolve());
        fresh.on('end', () => resolve());
        closing.signal.addEventListener('abort', () => resolve(), { once: true });
      });
      fresh.on('notification', ({ payload }) => hear(payload));
      try {
        await fresh.connect();
        await fresh.query(`listen ${NOTIFY_CHANNEL}`);
        client = fresh;
        if (!closing.signal.aborted) await lost;
      } catch {
        // Polling goes on meanwhile, so there is nothing to report and nothing lost.
      }
      client = undefined;
      await fresh.end().catch(() => {});
      await sleep(RECONNECT_AFTER_MS, undefined, { signal: closing.signal }).catch(() => {});
    }
  }

  function hear(payload: string | undefined): void {
    const [channel, text] = Hint.safeParse(JSON.parse(payload ?? 'null')).data ?? [];
    if (channel !== undefined && text !== undefined) local.publish(channel, text);
  }

  async function send(): Promise<void> {
    sending = true;
    while (client !== undefined && gathered.size > 0) {
      const hints = [...gathered];
      gathered.clear();
      await client
        .query('select pg_notify($1, hint) from unnest($2::text[]) as hint', [
          NOTIFY_CHANNEL,
          hints,
        ])
        .catch(() => {});
    }
    sending = false;
  }

  const listening = listen();
  return {
    publish(channel: Channel, payload: string) {
      local.publish(channel, payload);
      gathered.add(JSON.stringify([channel, payload]));
      if (!sending) void send();
    },
    subscribe: (channel, listener) => local.subscribe(channel, listener),
    async close() {
      closing.abort();
      await listening;
    },
  };
}
