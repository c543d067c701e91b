import express from 'express';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createActivityLog } from '../../../server/features/activity/activity-log.ts';
import { createActivityFeed } from '../../../server/features/activity/feed.ts';
import { createLog } from '../../../server/log.ts';
import { serve } from '../../support/network/serve.ts';
import { startShop, type Shop } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';

let shop: Shop;
afterEach(() => shop.close());

it('an owner who opens a twenty-first live feed loses the oldest', async () => {
  shop = await startShop();
  const { browser, statusUrl } = await shop.install();
  const cookie = `shopkeeper=${browser.cookies.get('shopkeeper')?.value}`;
  const ended: number[] = [];
  const stopping = new AbortController();
  const open = async (n: number) => {
    const response = await fetch(`${statusUrl}/activity`, {
      headers: { cookie, accept: 'text/event-stream' },
      signal: stopping.signal,
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    response.text().then(
      () => ended.push(n),
      () => {},
    );
  };
  for (let n = 1; n <= 20; n++) await open(n);
  expect(ended).toEqual([]);
  await open(21);
  await waitUntil('one has ended', () => ended.length > 0);
  expect(ended).toEqual([1]);
  stopping.abort();
});

describe('a live feed whose database takes its time', () => {
  /** Opens one for so many lines; the database answers when it may go on, and `tell` says that there is news. */
  async function openFeed(count: number) {
    shop = await startShop();
    const { id } = await shop.install();
    let goOn = () => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let tell = () => {};
    const log = createActivityLog({ database: shop.database, now: Date.now });
    const listAfter = vi.fn<typeof log.listAfter>(async (_id, after, limit) => {
      await held;
      const line = { installation_id: id, conversation_key: null, kind: 'test', text: '', at: 0 };
      const length = Math.min(limit, count - after);
      return Array.from({ length }, (_line, index) => ({ ...line, id: after + index + 1 }));
    });
    const core = {
      installations: shop.stores.installations,
      installationOwners: { ...shop.stores.installationOwners, owns: async () => true },
      log: createLog('silent'),
      activityLog: {
        listAfter,
        subscribe(_id: string, listener: () => void) {
          tell = listener;
          return () => {};
        },
      },
    };
    const sendActivity = createActivityFeed();
    const app = express().get('/:id', async (request, response) => {
      Object.assign(request, { session: { ownerId: 'owner' } });
      await sendActivity(core, request, response);
    });
    const { url, close } = await serve(app);
    const leaving = new AbortController();
    const headers = { accept: 'text/event-stream' };
    await fetch(`${url}/${id}`, { headers, signal: leaving.signal });
    await waitUntil('it looks', () => listAfter.mock.calls.length === 1);
    return {
      listAfter,
      tell: () => tell(),
      async goOn() {
        goOn();
        await new Promise(setImmediate);
      },
      close() {
        leaving.abort();
        close();
      },
    };
  }

  it('asks it once more, however often there was news meanwhile', async () => {
    const feed = await openFeed(0);
    for (let times = 0; times < 100; times++) feed.tell();
    await feed.goOn();
    expect(feed.listAfter).toHaveBeenCalledTimes(2);
    feed.close();
  });

  it('does not wait for more news to show all that there is', async () => {
    const feed = await openFeed(250);
    await feed.goOn();
    expect(feed.listAfter.mock.calls.map(([, after]) => after)).toEqual([0, 100, 200]);
    feed.close();
  });
});
