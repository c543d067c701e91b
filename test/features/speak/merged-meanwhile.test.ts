import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGate } from '../../support/gate.ts';
import { engines } from '../../support/store/engines.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { HOUR_MS, openAlarmChat, type AlarmChat } from './support/open-alarm-chat.ts';

describe.each(engines)('a customer who is merged while he is answered, on %s,', (engine) => {
  let chat: AlarmChat;
  let gate: ReturnType<typeof createGate>;
  beforeEach(async () => {
    gate = createGate();
    chat = await openAlarmChat(engine, async ({ message, wakeAt, cancelWake }) => {
      if (message.text !== 'milk') await gate.pass();
      if (message.text === 'never mind') await cancelWake('tea');
      else await wakeAt(chat.clock.now() + HOUR_MS, message.text, { key: 'tea' });
    });
    await chat.say('milk');
  });
  afterEach(() => chat.shop.close());

  /** The alarm that is set already has gone to the other conversation when the answer ends. */
  async function mergeDuring(text: string) {
    const other = chat.zendesk.createConversation({ account: 'acme' });
    chat.write(text);
    await gate.entered;
    chat.zendesk.mergeUsers({ surviving: other.userId, discarded: chat.userId });
    await waitUntil('the alarm went along', async () => {
      const [wake] = await chat.listWakes();
      return wake?.user_id === other.userId && wake.conversation_id === other.conversationId;
    });
    gate.open();
    return { conversation_id: other.conversationId, user_id: other.userId };
  }

  it('has one alarm of a key, the one that was set last', async () => {
    const place = await mergeDuring('lemon');
    await waitUntil('it was set again', async () =>
      (await chat.listWakes()).some(({ data }) => data === '"lemon"'),
    );
    expect(await chat.listWakes()).toMatchObject([place]);
  });

  it('has none when it was cancelled', async () => {
    await mergeDuring('never mind');
    await waitUntil('it was cancelled', async () => (await chat.listWakes()).length === 0);
  });
});
