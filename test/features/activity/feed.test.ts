import express from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createActivityLog } from '../../../server/features/activity/activity-log.ts';
import { createActivityFeed } from '../../../server/features/activity/feed.ts';
import { createLog } from '../../../server/log.ts';
import { createBrowser, type Browser } from '../../support/browser/browser.ts';
import { serve } from '../../support/network/serve.ts';
import { startShop, type Shop } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';

let shop: Shop;
let browser: Browser;
let id: string;
let feedUrl: string;
beforeEach(async () => {
  shop = await startShop();
  const installed = await shop.install();
  ({ browser, id } = installed);
  feedUrl = `${installed.statusUrl}/activity`;
});
afterEach(() => shop.close());

/** Opens the feed as a browser's EventSource would; `received()` is what came so far. */
async function openStream(headers: Record<string, string> = {}) {
  const cookie = `shopkeeper=${browser.cookies.get('shopkeeper')?.value}`;
  const closing = new AbortController();
  const response = await fetch(feedUrl, {
    headers: { cookie, accept: 'text/event-stream', ...headers },
    signal: closing.signal,
  });
  let received = '';
  async function read(): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) received += decoder.decode(chunk);
  }
  const ended = read().catch(() => {});
  return {
    response,
    received: () => received,
    async close() {
      closing.abort();
      await ended;
    },
  };
}

describe('the activity feed', () => {
  it('is JSON for who asks for it, oldest first, after the line they have', async () => {
    await shop.notes.add(id, 'test', 'The newest line.');
    const all = JSON.parse((await browser.get(feedUrl)).text);
    expect(all.at(-1)).toMatchObject({ kind: 'test', text: 'The newest line.' });
    expect(all.length).toBeGreaterThan(1);
    const later = JSON.parse((await browser.get(`${feedUrl}?after=${all.at(-2).id}`)).text);
    expect(later).toEqual(all.slice(-1));
    expect((await browser.get(feedUrl)).headers.get('cache-control')).toBe('no-store');
  });

  it.each(['-1', 'abc', '', '1e999', '0.5'])('takes %j for no line at all', async (after) => {
    const all = await browser.get(feedUrl);
    expect((await browser.get(`${feedUrl}?after=${after}`)).text).toBe(all.text);
  });

  it('is a stream for a browser, and shows what happens as it happens', async () => {
    const stream = await openStream();
    expect(stream.response.headers.get('content-type')).toContain('text/event-stream');
    await waitUntil('the lines so far arrived', () => stream.received().includes('Installed in'));
    await browser.submit(await browser.get(feedUrl.replace('/activity', '')), '/test-message');
    await shop.notes.add(id, 'test', 'Something\nhappened: <b>"🎉"</b>');
    await waitUntil('the new line arrived', () => stream.received().includes('happened'));
    const last =
      stream
        .received()
        .match(/^data: .*$/gm)
        ?.at(-1) ?? '';
    expect(JSON.parse(last.slice('data: '.length))).toMatchObject({
      text: 'Something\nhappened: <b>"🎉"</b>',
    });
    await stream.close();
  });

  it('says at once that it gets through, and that nobody may keep it or hold it back', async () => {
    const stream = await openStream();
    await waitUntil('it said so', () => stream.received().includes('event: alive\ndata\n\n'));
    expect(stream.response.headers.get('cache-control')).toBe('no-store, no-transform');
    expect(stream.response.headers.get('x-accel-buffering')).toBe('no');
    await stream.close();
  });

  it('has no stream for who asks for its head only, and so an end', async () => {
    const headers = { cookie: `shopkeeper=${browser.cookies.get('shopkeeper')?.value}` };
    const accept = 'text/event-stream';
    const answer = await fetch(feedUrl, { method: 'HEAD', headers: { ...headers, accept } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('application/json');
  });

  it('shows what the bot did', async () => {
    const stream = await openStream();
    shop.zendesk.createConversation({ account: 'acme' });
    await waitUntil('the greeting shows up', () => stream.received().includes('greeted'));
    await stream.close();
  });

  it('goes on after the line the browser saw last', async () => {
    const lines = JSON.parse((await browser.get(feedUrl)).text);
    const lastId = String(lines.at(-1).id);
    const stream = await openStream({ 'Last-Event-ID': lastId });
    await shop.notes.add(id, 'test', 'After the break.');
    await waitUntil('the new line arrived', () => stream.received().includes('After the break.'));
    expect(stream.received().match(/^id: /gm)).toHaveLength(1);
    await stream.close();
  });

  it('of another installation is not mixed in', async () => {
    const other = await shop.install('bloom');
    const stream = await openStream();
    await shop.notes.add(other.id, 'test', 'None of your business.');
    await shop.notes.add(id, 'test', 'Yours.');
    await waitUntil('our line arrived', () => stream.received().includes('Yours.'));
    expect(stream.received()).not.toContain('None of your business.');
    await stream.close();
  });

  it('is not there for anybody else', async () => {
    const answer = await fetch(feedUrl, { headers: { accept: 'text/event-stream' } });
    expect(answer.status).toBe(404);
    expect((await createBrowser().get(feedUrl)).status).toBe(404);
  });
});

describe('a stream', () => {
  /** Streams once `mayStart` is over; `listeners` counts who is subscribed. */
  async function serveFeed(mayStart: (gone: Promise<unknown>) => Promise<unknown>) {
    const state = { listeners: 0, over: false };
    const activityLog = {
      ...createActivityLog({ database: shop.database, now: Date.now }),
      subscribe(): () => void {
        state.listeners += 1;
        return () => void (state.listeners -= 1);
      },
    };
    const [owner] = await shop.stores.installationOwners.list(id);
    const log = createLog('silent');
    const sendActivity = createActivityFeed();
    const app = express().get('/:id', async (request, response) => {
      const gone = new Promise((resolve) => {
        response.once('close', resolve);
      });
      await mayStart(gone);
      Object.assign(request, { session: { ownerId: owner?.owner_id } });
      await sendActivity({ ...shop.stores, activityLog, log }, request, response);
      state.over = true;
    });
    const { url, close } = await serve(app);
    return { state, url: `${url}/${id}`, close };
  }

  it('ends for us when the browser leaves', async () => {
    const { state, url, close } = await serveFeed(async () => {});
    const leaving = new AbortController();
    const headers = { accept: 'text/event-stream' };
    await fetch(url, { headers, signal: leaving.signal });
    await waitUntil('somebody listens', () => state.listeners === 1);
    leaving.abort();
    await waitUntil('nobody listens', () => state.listeners === 0);
    close();
  });

  it('is not begun for a browser that left before', async () => {
    const leaving = new AbortController();
    const { state, url, close } = await serveFeed((gone) => {
      leaving.abort();
      return gone;
    });
    const headers = { accept: 'text/event-stream' };
    await fetch(url, { headers, signal: leaving.signal }).catch(() => {});
    await waitUntil('it was decided', () => state.over);
    expect(state.listeners).toBe(0);
    close();
  });
});

it('ends in another tab when its browser signs out', async () => {
  const page = await browser.get(feedUrl.replace('/activity', ''));
  const stream = await fetch(feedUrl, {
    headers: { cookie: browser.cookieHeader(), accept: 'text/event-stream' },
  });
  await browser.submit(page, '/sign-out');
  // Ends only when the server ends it.
  expect(await stream.text()).not.toContain('signed out');
});

it('kinds of activity of our own have names, on the page and in the feed', async () => {
  await shop.notes.add(id, 'remove-callback', 'It was not true.');
  const { text } = await browser.get(feedUrl.replace('/activity', ''));
  expect(text).toContain('<span class="activity-kind">Remove callback</span>');
  const lines = JSON.parse((await browser.get(feedUrl)).text);
  expect(lines.at(-1)).toMatchObject({ kind: 'remove-callback', name: 'Remove callback' });
});
