import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { giveUp } from '../../../server/features/apology/give-up.ts';
import { converse, type ConverseDeps } from '../../../server/inbox/converse.ts';
import type { Occasion } from '../../../server/inbox/event-hooks.ts';
import { fail } from '../../../server/inbox/retry.ts';
import { ShutdownError } from '../../../server/inbox/worker.ts';
import { createObserve } from '../../../server/observe.ts';
import type { StoredEvent } from '../../../server/store/schema.ts';
import { fakeTools } from '../../bot/fake-tools.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';
import { insertEvent } from '../../support/store/insert-event.ts';
import { CLIENT_ID } from '../../support/start-shop.ts';

let chat: Chat;
let event: StoredEvent;
const clientFor = vi.fn<() => Promise<never>>(() => new Promise(() => {}));
beforeEach(async () => {
  chat = await openChat({});
  const id = chat.installationId;
  const conversation_key = `${id}/${chat.conversationId}`;
  event = await insertEvent(chat.shop.database, {
    installation_id: id,
    conversation_key,
    state: 'done',
  });
});
afterEach(async () => {
  vi.useRealTimers();
  clientFor.mockClear();
  await chat.shop.close();
});

/** What onGiveUp needs never comes. */
async function begin(controller: AbortController) {
  const installation = await chat.shop.stores.installations.find(chat.installationId);
  if (installation === undefined) throw new Error('Not installed.');
  const us = { id: '1', integrationType: CLIENT_ID };
  const author = { type: 'user', userId: 'customer' };
  const deps: ConverseDeps = {
    ...chat.shop.stores,
    bot: { onMessage: async () => {}, onHandOffFailed: async () => {} },
    parts: [],
    zendesk: { clientFor },
    observe: createObserve(),
    rule: { clientId: CLIENT_ID, answerWithoutSwitchboard: false },
    restoredAt: () => undefined,
    log: fakeTools().log,
    now: Date.now,
  };
  const occasion: Occasion = {
    installation,
    event,
    parsed: {
      type: 'conversation:message',
      payload: {
        conversation: { id: chat.conversationId, activeSwitchboardIntegration: us },
        message: { id: '1', author, content: { type: 'text', text: 'Hi' } },
      },
    },
    signal: controller.signal,
  };
  return giveUp(deps, {
    occasion,
    failed: fail(event, 'A bug.'),
    error: new Error('A bug.'),
    converse: (again) => converse(deps, again),
  });
}

describe('onGiveUp that does not end', () => {
  it('is given up itself, also when its attempt was over already', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const controller = new AbortController();
    controller.abort(new Error('The handler took longer than 30 s.'));
    const settling = begin(controller);
    await vi.waitFor(() => expect(clientFor).toHaveBeenCalled());
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await settling).toMatchObject({
      state: 'failed',
      note: 'A bug.',
      activity: { text: expect.stringContaining('onGiveUp took longer than 10 s.') },
    });
  });

  it('is interrupted by a shutdown, and begun again afterwards', async () => {
    const controller = new AbortController();
    const settling = begin(controller);
    await vi.waitFor(() => expect(clientFor).toHaveBeenCalled());
    controller.abort(new ShutdownError('Shutting down.'));
    expect(await settling).toMatchObject({ state: 'waiting', isUncounted: true });
  });
});
