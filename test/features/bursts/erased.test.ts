import { afterEach, describe, expect, it } from 'vitest';
import { engines } from '../../support/store/engines.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { echo, openBurst, WAIT, type Burst } from './support/open-burst.ts';

describe.each(engines)('messages that are answered together on %s', (engine) => {
  let burst: Burst;
  afterEach(() => burst.chat.shop.close());

  it('are forgotten together when their conversation is removed before they are answered', async () => {
    burst = await openBurst(engine, { onMessage: () => new Promise(() => {}) });
    await burst.say('a secret');
    await burst.say('another secret', 500);
    burst.clock.advance(WAIT);
    await waitUntil('they are joined', async () => (await burst.stored()).length === 2);
    await burst.chat.tell('conversation:remove');
    const left = await burst.settled('ignored', 'ignored');
    for (const row of left) {
      expect(row.payload).toBeNull();
      expect(row.conversation_key).toBe(`${burst.chat.installationId}/${row.event_id}`);
    }
    expect(await burst.stored()).toEqual([]);
  });

  it('are answered once although their conversation is merged into another one meanwhile', async () => {
    let finish = () => {};
    const held = new Promise<void>((resolve) => void (finish = resolve));
    burst = await openBurst(engine, {
      async onMessage(context) {
        await held;
        await echo(context);
      },
    });
    const other = burst.chat.zendesk.createConversation({ account: 'acme' });
    await burst.say('one');
    await burst.say('two', 500);
    burst.clock.advance(WAIT);
    await waitUntil('they are joined', async () => (await burst.stored()).length === 2);
    await burst.chat.tell('user:merge', {
      mergedUsers: { surviving: { id: other.userId }, discarded: { id: 'discarded' } },
      mergedConversations: {
        surviving: { id: other.conversationId },
        discarded: { id: burst.chat.conversationId },
      },
    });
    const lane = `${burst.chat.installationId}/${other.conversationId}`;
    expect((await burst.rows())[1]?.conversation_key).toBe(lane);
    finish();
    await burst.settled('done', 'done');
    await burst.isAnswered('one+two');
  });
});
