import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyCompiled } from '../../support/process/compiled-copy.ts';
import { engines } from '../../support/store/engines.ts';
import { placeForProcess } from '../../support/process/place-for-process.ts';
import { startProcessShop } from '../../support/process/start-process-shop.ts';
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
    let place: Awaited<ReturnType<typeof placeForProcess>>;
    let shop: Awaited<ReturnType<typeof startProcessShop>>;
    beforeAll(async () => {
      place = await placeForProcess(engine);
      shop = await startProcessShop(place.settings, join(folder, 'dist/server/main.js'));
      await shop.install('acme');
    });
    afterAll(async () => {
      await shop.close();
      await place.remove();
    });

    /** A customer of the shop, whose parcel is announced. */
    function meet(customer: string) {
      const who = { account: 'acme', userExternalId: customer };
      const { conversationId } = shop.zendesk.createConversation(who);
      const parcel = `parcel of ${customer}`;
      return {
        conversationId,
        parcel,
        post: () => postJson(`${shop.url}/bot/parcels`, { customer, parcel }),
        said: () =>
          shop.zendesk
            .messages(conversationId)
            .flatMap(({ author, content }) =>
              author.type === 'business' && 'text' in content ? [content.text] : [],
            ),
      };
    }

    it('after the shop was answered and before anything was sent, is said once', async () => {
      const { conversationId, parcel, post, said } = meet('jane');
      // Who is in control is asked before anything is said, and this time never answered.
      shop.zendesk.armFault({ kind: 'hang', operation: 'GetConversation' });
      expect(await post()).toMatchObject({ status: 200, body: { conversationId } });
      await shop.app().end('SIGKILL');
      shop.zendesk.clearFaults();
      expect(said()).toEqual([]);

      await shop.restart();
      await waitUntil('it was said', () => said().length > 0, 40_000);
      expect((await post()).status).toBe(200);
      await shop.zendesk.settled();
      expect(said()).toEqual([parcel]);
    });

    it('after it was sent and before that was known, is said once', async () => {
      const { conversationId, parcel, post, said } = meet('bob');
      shop.zendesk.armFault({ kind: 'dropAnswer', operation: 'PostMessage' });
      await post();
      await waitUntil('Zendesk has it', () => said().length === 1);
      await shop.app().end('SIGKILL');

      await shop.restart();
      shop.zendesk.sendCustomerMessage({ conversationId, text: 'later' });
      // It waits behind what was interrupted, so that is over when this one is said.
      await waitUntil('the next one was said', () => said().includes('later'), 40_000);
      expect(said()).toEqual([parcel, 'later']);
    });
  },
);
