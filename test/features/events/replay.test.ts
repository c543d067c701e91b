import { afterEach, beforeEach, expect, it } from 'vitest';
import { openEvents, type EventPages } from './support/open-events.ts';
import { readCsrf } from '../../support/browser/browser.ts';

let pages: EventPages;
beforeEach(async () => {
  pages = await openEvents();
  for (const event_id of ['event-1', 'event-2']) {
    await pages.insert({ event_id, state: 'failed', conversation_key: `x/${event_id}` });
  }
});
afterEach(() => pages.close());

const stateOf = async (eventId: string) => (await pages.find(eventId))?.state;

it('replays all failed events at once and says how many', async () => {
  const page = await pages.browser.get(pages.eventsUrl);
  const after = await pages.browser.submit(page, '/replay-failed');
  expect(after.url).toBe(pages.eventsUrl);
  expect(after.text).toContain('2 events run again now.');
  expect(after.text).not.toContain('Replay all failed');
  expect([await stateOf('event-1'), await stateOf('event-2')]).toEqual(['waiting', 'waiting']);

  const csrf = readCsrf(page);
  await pages.browser.post(`${pages.eventsUrl}/replay-failed`, { _csrf: csrf });
  const again = await pages.browser.get(pages.eventsUrl);
  expect(again.text).toContain('No event waits to be replayed.');
});

it('is not offered for events of which nothing is left to answer', async () => {
  const words = pages.shop.database.kysely.updateTable('events').set({ payload: null });
  await words.where('event_id', '=', 'event-1').execute();
  expect((await pages.browser.get(pages.eventsUrl)).text).toContain('1 event has failed.');
  await words.execute();
  const { text } = await pages.browser.get(pages.eventsUrl);
  expect(text).not.toContain('have failed.');
  expect(text).not.toContain('/replay-failed');
});

it('replays one event from its page and comes back to it', async () => {
  const url = `${pages.eventsUrl}/event-1`;
  const after = await pages.browser.submit(await pages.browser.get(url), '/replay');
  expect(after.url).toBe(url);
  expect(after.text).toContain('The event runs again now.');
  expect([await stateOf('event-1'), await stateOf('event-2')]).toEqual(['waiting', 'failed']);
});

it('leads nowhere else, whatever the form says', async () => {
  const page = await pages.browser.get(pages.eventsUrl);
  const csrf = readCsrf(page);
  const fields = { _csrf: csrf, back: 'https://elsewhere.example' };
  const sent = await pages.browser.post(`${pages.eventsUrl}/event-1/replay`, fields);
  expect(pages.browser.location(sent)).toBe(pages.statusUrl);
});

it('wants the form’s token', async () => {
  const sent = await pages.browser.post(`${pages.eventsUrl}/replay-failed`, {});
  expect(sent.status).toBe(403);
  expect(await stateOf('event-1')).toBe('failed');
});

it('is refused while the account is not connected, and the page does not offer it', async () => {
  await pages.shop.stores.installations.setStatus(pages.id, ['active'], 'revoked');
  const page = await pages.browser.get(pages.eventsUrl);
  expect(page.text).not.toContain('/replay-failed');
  expect(page.text).toContain('when the account is connected again');
  const event = await pages.browser.get(`${pages.eventsUrl}/event-1`);
  expect(event.text).not.toContain('/replay"');
  const home = await pages.browser.get(`${pages.statusUrl}/delete`);
  const csrf = readCsrf(home);
  const url = `${pages.eventsUrl}/replay-failed`;
  expect((await pages.browser.post(url, { _csrf: csrf })).status).toBe(409);
  expect(await stateOf('event-1')).toBe('failed');
});
