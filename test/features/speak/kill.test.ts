import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyCompiled } from '../../support/compiled-copy.ts';
import { engines } from '../../support/engines.ts';
import { placeForProcess } from '../../support/place-for-process.ts';
import { startProcessShop } from '../../support/start-process-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { postJson } from './support/post-json.ts';

/** The bot of docs/speak.md, as short as it gets. */
const BOT = `
export const bot = {
  onMessage: ({ message, reply }) => reply(message.text),
  onStart: async () => {},
  onWake: ({ data, reply }) => reply(data.words),
  routes(router, { speak, installations }) {
    router.post('/parcels', async (request, response) => {
      const installation = await installations.find({ subdomain: 'acme' });
      const to = { externalId: request.body.customer };
      const { parcel: key } = request.body;
      response.json(await speak(installation, to, { key, data: { words: key } }));
    });
  },
};
`;

let folder: string;
beforeAll(async () => {
  folder = copyCompiled();
  await writeFile(join(folder, 'dist/server/bot/bot.js'), BOT);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(engines)(
  'what the bot is to say by itself, killed on %s',
  { timeout: 90_000 },
  (engine) => {
    async function open() {
      const place = await placeForProcess(engine);
      const program = join(folder, 'dist/server/main.js');
      const shop = await startProcessShop(place.settings, program);
      await shop.install('acme');
      const jane = { account: 'acme', userExternalId: 'jane' };
      const { conversationId } = shop.zendesk.createConversation(jane);
      return {
        ...shop,
        conversationId,
        post: () => postJson(`${shop.url}/bot/parcels`, { customer: 'jane', parcel: 'parcel 7' }),
        said: () =>
          shop.zendesk
            .messages(conversationId)
            .flatMap(({ author, content }) =>
              author.type === 'business' && 'text' in content ? [content.text] : [],
            ),
        async close() {
          await shop.close();
          await place.remove();
        },
      };
    }

    it('after the shop was answered and before anything was sent, is said once', async () => {
      const shop = await open();
      try {
        // Who is in control is asked before anything is said, and this time never answered.
        shop.zendesk.armFault({ kind: 'hang', operation: 'GetConversation' });
        expect(await shop.post()).toMatchObject({
          status: 200,
          body: { conversationId: shop.conversationId },
        });
        await shop.app().end('SIGKILL');
        shop.zendesk.clearFaults();
        expect(shop.said()).toEqual([]);

        await shop.restart();
        await waitUntil('it was said', () => shop.said().length > 0, 40_000);
        expect((await shop.post()).status).toBe(200);
        await shop.zendesk.settled();
        expect(shop.said()).toEqual(['parcel 7']);
      } finally {
        await shop.close();
      }
    });

    it('after it was sent and before that was known, is said once', async () => {
      const shop = await open();
      try {
        shop.zendesk.armFault({ kind: 'dropAnswer', operation: 'PostMessage' });
        await shop.post();
        await waitUntil('Zendesk has it', () => shop.said().length === 1);
        await shop.app().end('SIGKILL');

        await shop.restart();
        shop.zendesk.sendCustomerMessage({ conversationId: shop.conversationId, text: 'later' });
        // It waits behind what was interrupted, so that is over when this one is said.
        await waitUntil('the next one was said', () => shop.said().includes('later'), 40_000);
        expect(shop.said()).toEqual(['parcel 7', 'later']);
      } finally {
        await shop.close();
      }
    });
  },
);
