import { afterEach, expect, it } from 'vitest';
import { createClock } from '../../support/clock.ts';
import { createGate } from '../../support/gate.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';
import { CLIENT_ID } from '../../support/start-shop.ts';
import { readWholeDatabase } from '../../support/store/read-whole-database.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { remembering } from '../memory/support/keys.ts';
import type { AnyOnMessage } from '../speak/support/open-alarm-chat.ts';

const DAY_MS = 24 * 60 * 60_000;

let chat: Chat;
afterEach(() => chat.shop.close());

const readWords = async () => {
  const rows = await readWholeDatabase(chat.shop.database);
  return rows.filter(({ row }) => JSON.stringify(row).includes('a private matter'));
};

it('what is left by an attempt that our access ended in the middle of goes with the next clean-up', async () => {
  const clock = createClock(Date.now());
  const gate = createGate();
  const onMessage: AnyOnMessage = remembering(async ({ message: { text }, memory, wakeAt }) => {
    await gate.pass();
    await memory.customer.set({ words: text });
    await wakeAt(clock.now() + DAY_MS, text);
  });
  chat = await openChat({ onMessage, onWake: async () => {} }, { now: clock.now });
  const { zendesk, conversationId, installationId, shop } = chat;
  const { browser, page } = await shop.installAndOpen();
  zendesk.sendCustomerMessage({ conversationId, text: 'a private matter' });
  await gate.entered;
  zendesk.armFault({ kind: 'loseRemoveCallback' });
  zendesk.removeInstallation({ account: 'acme', clientId: CLIENT_ID });
  await browser.submit(page, '/test-message');
  await waitUntil('our access has ended', async () => {
    clock.advance(1_000);
    return (await shop.stores.installations.find(installationId))?.status === 'revoked';
  });

  gate.open();
  await waitUntil('the attempt has ended', async () =>
    (await readWords()).some(({ table }) => table === 'wakes'),
  );
  await shop.restart();
  expect(await readWords()).toEqual([]);
});
