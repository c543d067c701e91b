import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Feature } from '../../../server/features/feature.ts';
import { features } from '../../../server/features.ts';
import { openEvents, type EventPages } from './support/open-events.ts';

const TYPE = 'shopkeeper:said';
const said: Feature = {
  name: 'said',
  eventTypes: { [TYPE]: { title: '', answer: async () => ({ state: 'done', note: '' }) } },
};

let pages: EventPages;
beforeEach(async () => {
  pages = await openEvents({ features: [...features, said] });
});
afterEach(() => pages.close());

it.each([
  ['who put it there', '{}', 'put it into the inbox itself'],
  ['when that was deleted', null, 'kept for 7 days'],
])('of what the bot was to say by itself its page says %s', async (_what, payload, words) => {
  const settled_at = Date.now() - 8 * 24 * 60 * 60_000;
  await pages.insert({ event_id: TYPE, type: TYPE, payload, settled_at });
  const { text } = await pages.browser.get(`${pages.eventsUrl}/${TYPE}`);
  expect(text).toContain(words);
});
