import { afterEach, describe, expect, it } from 'vitest';
import { bursts } from '../../../server/features/bursts/index.ts';
import { deleteOldMessages } from '../../../server/features/bursts/stored.ts';
import { OperatorError } from '../../../server/errors.ts';
import { engines } from '../../support/store/engines.ts';
import { openChat } from '../../support/open-chat.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { echo, openBurst, WAIT, type Burst } from './support/open-burst.ts';

describe.each(engines)('which messages belong together is kept on %s', (engine) => {
  let burst: Burst;
  afterEach(() => burst.chat.shop.close());

  async function sayTwo(): Promise<void> {
    await burst.say('one');
    await burst.say('two', 500);
    burst.clock.advance(WAIT);
  }

  it('until they are answered', async () => {
    burst = await openBurst(engine);
    await sayTwo();
    await burst.settled('done', 'done');
    expect(await burst.stored()).toEqual([]);
  });

  it('not at all of one that is answered alone', async () => {
    const seen: object[] = [];
    burst = await openBurst(engine, {
      async onMessage({ reply }) {
        seen.push(...(await burst.stored()));
        await reply('Yes?');
      },
    });
    await burst.say('one');
    burst.clock.advance(WAIT);
    await burst.settled('done');
    expect(seen).toEqual([]);
  });

  it('of those that failed, until their events are deleted', async () => {
    burst = await openBurst(engine, {
      onMessage() {
        throw new RangeError('No such order.');
      },
      onGiveUp: async () => {},
    });
    await sayTwo();
    await waitUntil('it waits again', async () =>
      (await burst.rows()).some(({ state, attempts }) => state === 'waiting' && attempts === 1),
    );
    burst.clock.advance(10_000);
    const [first] = await burst.settled('failed', 'failed');
    const { kysely } = burst.chat.shop.database;
    await deleteOldMessages(kysely);
    expect(await burst.stored()).toHaveLength(2);
    expect(new Set((await burst.stored()).map((row) => row.first_id))).toEqual(
      new Set([first?.event_id]),
    );
    await kysely.deleteFrom('events').where('state', '=', 'failed').execute();
    await deleteOldMessages(kysely);
    expect(await burst.stored()).toEqual([]);
  });
});

describe('waitForMore', () => {
  it('costs nothing where it is not set: no table is looked at', async () => {
    const chat = await openChat({ onMessage: echo });
    await chat.shop.database.kysely.schema.dropTable('burst_messages').execute();
    expect(await chat.say('one')).toMatchObject({ state: 'done', attempts: 1 });
    await chat.shop.close();
  });

  it.each<[number, string]>([
    [-1, 'waitForMore: is less than 0'],
    [0.5, 'waitForMore: is a number of milliseconds'],
    [60_001, 'waitForMore: is more than a minute'],
  ])('of %j keeps the app from starting', async (waitForMore, problem) => {
    const started = openChat({ waitForMore }, { features: [bursts] });
    await expect(started).rejects.toThrow(OperatorError);
    await expect(started).rejects.toThrow(problem);
  });
});
