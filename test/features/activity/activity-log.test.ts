import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createActivityLog } from '../../../server/features/activity/activity-log.ts';
import type { Database } from '../../../server/store/engines/database.ts';
import type { ActivityLine } from '../../../server/features/activity/schema.ts';
import { createClock, type Clock } from '../../support/clock.ts';
import { countTurns } from '../../support/count-turns.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';

describe.each(engines)('the activity store on %s', (engine) => {
  let database: Database;
  let clock: Clock;
  let activity: ReturnType<typeof createActivityLog>;
  let id: string;

  beforeAll(async () => {
    database = await openTestDatabase(engine);
  });
  beforeEach(() => {
    clock = createClock();
    activity = createActivityLog({ database, now: clock.now });
    id = randomUUID();
  });
  afterAll(() => database.close());

  it('lists the latest lines of one installation, newest first', async () => {
    await addLines('one', 'two', 'three');
    await activity.add(randomUUID(), 'note', 'of another installation');

    expect(textsOf(await activity.latest(id, 2))).toEqual(['three', 'two']);
  });

  it('lists the lines after a known one, oldest first', async () => {
    await addLines('one', 'two', 'three', 'four');
    const [first] = await activity.listAfter(id, 0, 1);

    expect(first).toEqual({
      id: expect.any(Number),
      installation_id: id,
      conversation_key: null,
      kind: 'note',
      text: 'one',
      at: clock.now(),
    });
    expect(textsOf(await activity.listAfter(id, first?.id ?? 0, 2))).toEqual(['two', 'three']);
  });

  it('keeps text as it came, but for the character no engine stores', async () => {
    await addLines('“Grüße” 🎉\nnew line', 'a\u0000b');

    expect(textsOf(await activity.latest(id, 2))).toEqual(['a\uFFFDb', '“Grüße” 🎉\nnew line']);
  });

  it('deletes what is older than 30 days and keeps the rest', async () => {
    await addLines('old');
    clock.advance(1000);
    await addLines('kept');
    clock.advance(30 * 24 * 60 * 60_000);

    await activity.deleteOld();

    expect(textsOf(await activity.latest(id, 10))).toEqual(['kept']);
  });

  it('lets others have their turn while old lines are deleted', async () => {
    const createOld = () => ({ installation_id: id, kind: 'note', text: 'a line', at: 1 });
    const some = Array.from({ length: 100 }, createOld);
    for (let n = 0; n < 20; n += 1)
      await database.kysely.insertInto('activity').values(some).execute();

    expect(await countTurns(() => activity.deleteOld())).toBeGreaterThan(3);

    expect(await activity.latest(id, 10)).toEqual([]);
  });

  it('tells the listeners of the installation of each new line until they leave', async () => {
    const heard = vi.fn();
    const heardElsewhere = vi.fn();
    const leave = activity.subscribe(id, heard);
    activity.subscribe(randomUUID(), heardElsewhere);

    await addLines('one');
    expect(heard).toHaveBeenCalledTimes(1);
    leave();
    await addLines('two');

    expect(heard).toHaveBeenCalledTimes(1);
    expect(heardElsewhere).not.toHaveBeenCalled();
  });

  it('tells the listeners of lines that were written elsewhere and announced', () => {
    const heard = vi.fn();
    activity.subscribe(id, heard);

    activity.announce(id);
    activity.announce(randomUUID());

    expect(heard).toHaveBeenCalledTimes(1);
  });

  it('lets one of two listeners leave, twice if it likes, without silencing the other', async () => {
    const heard = vi.fn();
    const leave = activity.subscribe(id, vi.fn());
    activity.subscribe(id, heard);

    leave();
    leave();
    await addLines('one');

    expect(heard).toHaveBeenCalledTimes(1);
  });

  async function addLines(...texts: string[]): Promise<void> {
    for (const text of texts) await activity.add(id, 'note', text);
  }
});

function textsOf(lines: ActivityLine[]): string[] {
  return lines.map(({ text }) => text);
}
