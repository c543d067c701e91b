import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser, readCsrf } from '../../support/browser/browser.ts';
import { openEvents, type EventPages } from './support/open-events.ts';

const DAY_MS = 24 * 60 * 60_000;

let pages: EventPages;
beforeEach(async () => {
  pages = await openEvents();
});
afterEach(() => pages.close());

const open = async (query = '') => pages.browser.get(`${pages.eventsUrl}${query}`);

describe('the list of events', () => {
  it('says when there is nothing yet', async () => {
    const { text } = await open();
    expect(text).toContain('No events yet');
    expect(text).toContain('Nothing arrived in the last hour.');
    expect(text).not.toContain('Replay all failed');
  });

  it('shows what became of each event', async () => {
    await pages.insert({ event_id: 'event-1', note: 'Message answered: 1 reply' });
    await pages.insert({ event_id: 'event-2', state: 'failed', note: 'Zendesk <refused>' });
    const retry = { state: 'waiting', attempts: 3, settled_at: null, run_at: Date.now() } as const;
    await pages.insert({ event_id: 'event-3', ...retry, note: 'status 500' });

    const { status, text } = await open();
    expect(status).toBe(200);
    for (const words of [
      'Message answered: 1 reply',
      'Zendesk &lt;refused&gt;',
      '<td class="number">3</td>',
      'next try',
      '1 event has failed.',
      '3 events, at most 3 in one minute, in 1 of 60 minutes.',
    ]) {
      expect(text).toContain(words);
    }
  });

  it('is filtered by what its address says, and shows the filter again', async () => {
    await pages.insert({ event_id: 'event-1' });
    await pages.insert({ event_id: 'event-2', type: 'user:remove' });

    const { text } = await open('?state=done&type=user%3Aremove&text=EVENT');
    expect(text).toContain('event-2');
    expect(text).not.toContain('event-1');
    expect(text).toMatch(/<option value="done" selected>/);
    expect(text).toMatch(/<option value="user:remove" selected>/);
    expect(text).toContain('value="EVENT"');
    expect((await open('?text=nowhere')).text).toContain('No event matches');
  });

  it('takes no notice of what it does not know', async () => {
    await pages.insert({ event_id: 'event-1' });
    for (const query of ['?state=made-up', '?state=done&state=failed', '?older=gone', '?x=y'])
      expect((await open(query)).text).toContain('event-1');
  });

  it('offers a type it does not know once it is asked for', async () => {
    await pages.insert({ event_id: 'event-1', type: 'user:merge' });
    const { text } = await open('?type=user%3Amerge');
    expect(text).toMatch(/<option value="user:merge" selected>/);
    expect(text).toContain('event-1');
  });

  it('goes page by page and back to the top', async () => {
    for (let count = 1; count <= 51; count += 1)
      await pages.insert({ event_id: `event-${count}.` });

    const first = await open();
    expect(first.text).not.toContain('event-1.');
    const second = await pages.browser.get(readLink(first.text, 'Older'));
    expect(second.text).toContain('event-1.');
    expect(second.text).not.toContain('event-51.');
    expect(second.text).not.toContain('>Older<');
    expect(second.text).not.toContain('Arrivals per minute');
    const back = await pages.browser.open(readLink(second.text, 'Newer'));
    expect(back.url).toBe(pages.eventsUrl);
    expect(back.text).toContain('event-51.');
  });

  it('keeps the filter from page to page', async () => {
    for (let count = 1; count <= 51; count += 1)
      await pages.insert({ event_id: `event-${count}`, state: 'failed' });
    const { text } = await open('?state=failed');
    expect(readLink(text, 'Older')).toContain('state=failed&older=event-2');
  });

  it('names the jobs of the app itself in words', async () => {
    const job = 'shopkeeper:check-token';
    await pages.insert({ event_id: job, type: job, payload: null });
    expect((await open()).text).toContain('Check whether the bot was removed');
    const page = await pages.browser.get(`${pages.eventsUrl}/${job}`);
    expect(page.text).toContain('this is a job of Shopkeeper itself');
  });

  it('is linked from every page of the account', async () => {
    const { text } = await pages.browser.get(pages.statusUrl);
    expect(text).toContain(`href="/installations/${pages.id}/events"`);
  });
});

describe('the page of an event', () => {
  it('shows the payload with what is named like a secret hidden, to read and to copy', async () => {
    const payload = { client: { pushNotificationToken: 'device-1' }, text: '<b>“hi”</b>' };
    const { event_id: id } = await pages.insert({ payload: JSON.stringify(payload) });

    const { text } = await pages.browser.get(`${pages.eventsUrl}/${id}`);
    expect(text).toContain('&lt;b&gt;“hi”&lt;/b&gt;');
    expect(text.match(/\[hidden\]/g)).toHaveLength(2);
    expect(text).not.toContain('device-1');
    expect(text).toContain('Copy the payload');
    expect(text).toContain('?text=conversation-1');
  });

  it('says when and why the payload is gone', async () => {
    const settled = Date.UTC(2026, 0, 1);
    await pages.insert({ event_id: 'old', payload: null, settled_at: settled });
    await pages.insert({
      event_id: 'removal',
      type: 'user:remove',
      payload: null,
      settled_at: settled,
    });
    const old = await pages.browser.get(`${pages.eventsUrl}/old`);
    expect(old.text).toContain('kept for 7 days');
    expect(old.text).toContain(new Date(settled + 7 * DAY_MS).toISOString());
    const removal = await pages.browser.get(`${pages.eventsUrl}/removal`);
    expect(removal.text).toContain('it named the customer who was to be forgotten');
    await pages.insert({ event_id: 'revoked', payload: null });
    const revoked = await pages.browser.get(`${pages.eventsUrl}/revoked`);
    expect(revoked.text).toContain('no longer than the account’s permission');
    expect(revoked.text).not.toContain('kept for 7 days');
  });

  it('shows who works on it, and until when', async () => {
    const lease = { lease_owner: 'process-1', lease_until: Date.now() + DAY_MS };
    const changes = { state: 'working' as const, settled_at: null, ...lease };
    const { event_id: id } = await pages.insert(changes);
    const { text } = await pages.browser.get(`${pages.eventsUrl}/${id}`);
    expect(text).toContain('process-1');
    expect(text).toContain('1 of 8');
    expect(text).not.toContain('/replay"');
  });

  it('opens whatever characters the id has', async () => {
    const id = 'a/b?c=%2F#é';
    await pages.insert({ event_id: id });
    const { text } = await open();
    const href = /href="([^"]*a%2Fb[^"]*)"/.exec(text)?.[1] ?? '';
    const page = await pages.browser.get(`${pages.shop.url}${href}`);
    expect(page.status).toBe(200);
    expect(page.text).toContain('a/b?c=%2F#é');
  });

  it('does not exist for an event nobody knows', async () => {
    expect((await pages.browser.get(`${pages.eventsUrl}/unknown`)).status).toBe(404);
  });
});

describe('for a browser that does not own the installation', () => {
  it.each(['', '/event-1'])('there is no page events%s', async (path) => {
    await pages.insert({ event_id: 'event-1' });
    const stranger = createBrowser();
    const neighbour = (await pages.shop.install('bloom')).browser;
    for (const browser of [stranger, neighbour]) {
      const page = await browser.get(`${pages.eventsUrl}${path}`);
      expect(page.status).toBe(404);
      expect(page.text).not.toContain('event-1');
    }
  });

  it('replaying is refused', async () => {
    await pages.insert({ event_id: 'event-1', state: 'failed' });
    const neighbour = await pages.shop.installAndOpen('bloom');
    const csrf = readCsrf(neighbour.page);
    const url = `${pages.eventsUrl}/replay-failed`;
    expect((await neighbour.browser.post(url, { _csrf: csrf })).status).toBe(404);
    expect((await pages.find('event-1'))?.state).toBe('failed');
  });
});

function readLink(html: string, label: string): string {
  const href = new RegExp(`href="([^"]*)">${label}</a>`).exec(html)?.[1];
  if (href === undefined) throw new Error(`There is no link ${label}`);
  return new URL(href.replaceAll('&amp;', '&'), pages.shop.url).href;
}
