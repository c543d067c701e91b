import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTraceStore, type TraceStore } from '../../../server/features/timeline/traces.ts';
import { createClock, type Clock } from '../../support/clock.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';
import { waitUntil } from '../../support/wait-until.ts';

const DAY_MS = 24 * 60 * 60_000;

describe('the timeline keeps', () => {
  let clock: Clock;
  let chat: Chat;
  let traces: TraceStore;
  beforeEach(async () => {
    clock = createClock(Date.now());
    chat = await openChat({}, { now: clock.now });
    traces = createTraceStore({ database: chat.shop.database, now: clock.now });
  });
  afterEach(() => chat.shop.close());

  const read = () => traces.list(chat.installationId, { limit: 1_000 });

  it('the calls to Zendesk with what they said, without tokens, for seven days', async () => {
    await chat.say('a word in a call');
    const [token = 'none'] = chat.zendesk.installations()[0]?.accessTokens ?? [];
    expect(JSON.stringify(await read())).toContain('a word in a call');
    expect(JSON.stringify(await read())).not.toContain(token);
    clock.advance(7 * DAY_MS - 60_000);
    await chat.shop.restart();
    expect(JSON.stringify(await read())).toContain('a word in a call');
    clock.advance(120_000);
    await chat.shop.restart();
    expect(JSON.stringify(await read())).not.toContain('a word in a call');
  });

  it('the newest 200 of an account', async () => {
    await waitUntil('nothing is under way', async () =>
      (await read()).some(({ title }) => title === 'A conversation was opened'),
    );
    for (let number = 0; number < 210; number++)
      await traces.add({
        installationId: chat.installationId,
        kind: 'form',
        title: `trace-${number}`,
        steps: [],
      });
    await chat.shop.restart();
    expect(await read()).toHaveLength(200);
  });

  it('what the export of an account has, too', async () => {
    const { browser, id, statusUrl } = await chat.shop.install('bloom');
    const { text } = await browser.get(`${statusUrl}/export`);
    const listed = await traces.list(id, { limit: 10 });
    expect(listed.map(({ kind }) => kind)).toEqual(['install']);
    expect(JSON.parse(text)).toMatchObject({ traces: listed });
  });
});
