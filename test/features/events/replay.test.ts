import { afterEach, beforeEach, expect, it } from 'vitest';
import { openInspector, type Inspector } from './support/open-inspector.ts';

let inspector: Inspector;
beforeEach(async () => {
  inspector = await openInspector();
  for (const event_id of ['event-1', 'event-2']) {
    await inspector.insert({ event_id, state: 'failed', conversation_key: `x/${event_id}` });
  }
});
afterEach(() => inspector.close());

const stateOf = async (eventId: string) => (await inspector.find(eventId))?.state;

it('replays all failed events at once and says how many', async () => {
  const page = await inspector.browser.get(inspector.eventsUrl);
  const after = await inspector.browser.submit(page, '/replay-failed');
  expect(after.url).toBe(inspector.eventsUrl);
  expect(after.text).toContain('2 events run again now.');
  expect(after.text).not.toContain('Replay all failed');
  expect([await stateOf('event-1'), await stateOf('event-2')]).toEqual(['waiting', 'waiting']);

  const csrf = /name="_csrf" value="([^"]*)"/.exec(page.text)?.[1] ?? '';
  await inspector.browser.post(`${inspector.eventsUrl}/replay-failed`, { _csrf: csrf });
  const again = await inspector.browser.get(inspector.eventsUrl);
  expect(again.text).toContain('No event has failed.');
});

it('replays one event from its page and comes back to it', async () => {
  const url = `${inspector.eventsUrl}/event-1`;
  const after = await inspector.browser.submit(await inspector.browser.get(url), '/replay');
  expect(after.url).toBe(url);
  expect(after.text).toContain('The event runs again now.');
  expect([await stateOf('event-1'), await stateOf('event-2')]).toEqual(['waiting', 'failed']);
});

it('leads nowhere else, whatever the form says', async () => {
  const page = await inspector.browser.get(inspector.eventsUrl);
  const csrf = /name="_csrf" value="([^"]*)"/.exec(page.text)?.[1] ?? '';
  const fields = { _csrf: csrf, back: 'https://elsewhere.example' };
  const sent = await inspector.browser.post(`${inspector.eventsUrl}/event-1/replay`, fields);
  expect(inspector.browser.location(sent)).toBe(inspector.statusUrl);
});

it('wants the form’s token', async () => {
  const sent = await inspector.browser.post(`${inspector.eventsUrl}/replay-failed`, {});
  expect(sent.status).toBe(403);
  expect(await stateOf('event-1')).toBe('failed');
});

it('is refused while the account is not connected, and the page does not offer it', async () => {
  await inspector.shop.stores.installations.setStatus(inspector.id, ['active'], 'revoked');
  const page = await inspector.browser.get(inspector.eventsUrl);
  expect(page.text).not.toContain('/replay-failed');
  expect(page.text).toContain('when the account is connected again');
  const event = await inspector.browser.get(`${inspector.eventsUrl}/event-1`);
  expect(event.text).not.toContain('/replay"');
  const home = await inspector.browser.get(`${inspector.statusUrl}/delete`);
  const csrf = /name="_csrf" value="([^"]*)"/.exec(home.text)?.[1] ?? '';
  const url = `${inspector.eventsUrl}/replay-failed`;
  expect((await inspector.browser.post(url, { _csrf: csrf })).status).toBe(409);
  expect(await stateOf('event-1')).toBe('failed');
});
