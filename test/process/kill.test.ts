import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startProcessShop } from '../support/process/start-process-shop.ts';
import { answersIn, startTalking } from '../support/process/talk-to-shop.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Many more of them are `npm run reliability`. */
const ROUNDS = 5;
const CONVERSATIONS = 10;

describe('kill -9 at random moments under load', () => {
  it(
    'loses nothing that was acknowledged and answers nothing twice',
    { timeout: 240_000 },
    async () => {
      const shop = await startProcessShop();
      try {
        await shop.install('acme');
        const talk = startTalking(shop, { customers: CONVERSATIONS });
        for (let round = 0; round < ROUNDS; round++) {
          const wanted = talk.acknowledged.length + CONVERSATIONS;
          await waitUntil('it is at work', () => talk.acknowledged.length > wanted);
          await sleep(Math.random() * 300);
          await shop.app().end('SIGKILL');
          await shop.restart();
        }
        await talk.stop();

        const answers = () => talk.conversationIds.flatMap((id) => answersIn(shop, id));
        const total = talk.acknowledged.length;
        await waitUntil(
          'every acknowledged event is answered',
          () => answers().length >= total,
          60_000,
        );
        expect(total).toBeGreaterThan(ROUNDS * CONVERSATIONS);
        for (const id of talk.conversationIds) {
          const acknowledged = talk.acknowledged.filter((said) => said.conversationId === id);
          expect(answersIn(shop, id)).toEqual(acknowledged.map(({ words }) => words));
        }
      } finally {
        await shop.close();
      }
    },
  );
});
