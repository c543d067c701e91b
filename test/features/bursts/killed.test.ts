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

/** Answers what it is given at once, and then, if it is told to, hangs: nothing is settled. */
const BOT = `
export const bot = {
  waitForMore: 1_500,
  onHandOffFailed: async () => {},
  onMessage: async ({ message, earlier, reply }) => {
    await reply('“word ' + [...earlier, message].map(({ text }) => text).join('+') + '”');
    if (process.env.HANG === '1') await new Promise((resolve) => setTimeout(resolve, 25_000));
  },
};`;

describe.each(engines)(
  'kill -9 between the answer to several messages and its commit on %s',
  (engine) => {
    let folder: string;
    beforeAll(() => {
      folder = copyCompiled();
      writeFileSync(join(folder, 'dist/server/bot/bot.js'), BOT);
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    it(
      'answers the same messages once, and what came after them apart',
      { timeout: 90_000 },
      async () => {
        const { settings, remove } = await placeForProcess(engine);
        const program = join(folder, 'dist/server/main.js');
        const shop = await startProcessShop({ ...settings, HANG: '1' }, program);
        try {
          await shop.install('acme');
          const id = openConversation(shop);
          const answers = () =>
            shop.zendesk
              .messages(id)
              .map(({ content }) => ('text' in content ? String(content.text) : ''))
              .filter((text) => text.startsWith('“word'));
          const events = ['one', 'two'].map((word) => write(shop, id, word).event);
          await shop.zendesk.deliver({ account: 'acme', clientId: shop.clientId, events });
          await waitUntil('the answer is there', () => answers().length === 1);
          expect(await deliver(shop, write(shop, id, 'three'))).toBe(200);
          await shop.app().end('SIGKILL');
          await shop.restart({ HANG: '0' });
          await waitUntil('the third is answered', () => answers().length > 1, 60_000);
          expect(answers()).toEqual(['“word one+two”', '“word three”']);
        } finally {
          await shop.close();
          await remove();
        }
      },
    );
  },
);
