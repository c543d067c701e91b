import { writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyCompiled } from '../../support/process/compiled-copy.ts';
import { engines } from '../../support/store/engines.ts';
import { placeForProcess } from '../../support/process/place-for-process.ts';
import { startProcessShop } from '../../support/process/start-process-shop.ts';
import { deliver, openConversation, write } from '../../support/process/talk-to-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';

/** Counts, says so, and then, if it is told to, hangs: the reply is there, nothing is settled. */
const BOT = `
export const onMessage = async ({ memory, reply }) => {
  const { count = 0 } = await memory.conversation.get();
  const { seen = 0 } = await memory.customer.get();
  await memory.conversation.set({ count: count + 1 });
  await memory.customer.set({ seen: seen + 1 });
  await reply('message ' + (count + 1) + ', seen ' + (seen + 1));
  if (process.env.HANG === '1') await new Promise((resolve) => setTimeout(resolve, 25_000));
};`;

describe.each(engines)('kill -9 between a reply and its commit on %s', (engine) => {
  let folder: string;
  beforeAll(() => {
    folder = copyCompiled();
    writeFileSync(join(folder, 'dist/server/bot/on-message.js'), BOT);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('neither loses nor doubles what the handler remembered', { timeout: 90_000 }, async () => {
    const { settings, remove } = await placeForProcess(engine);
    const program = join(folder, 'dist/server/main.js');
    const shop = await startProcessShop({ ...settings, HANG: '1' }, program);
    try {
      await shop.install('acme');
      const conversationId = openConversation(shop);
      const said = () =>
        shop.zendesk
          .messages(conversationId)
          .map(({ content }) => ('text' in content ? String(content.text) : ''))
          .filter((text) => text.startsWith('message'));
      await deliver(shop, write(shop, conversationId, 'first'));
      await waitUntil('the reply is there', () => said().length === 1);
      await shop.app().end('SIGKILL');
      await shop.restart({ HANG: '0' });
      // One after the other: it is answered once the first has been settled.
      await deliver(shop, write(shop, conversationId, 'second'));
      await waitUntil('the second is answered', () => said().length > 1, 60_000);
      expect(said()).toEqual(['message 1, seen 1', 'message 2, seen 2']);
    } finally {
      await shop.close();
      await remove();
    }
  });
});
