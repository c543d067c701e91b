import { describe, expect, it } from 'vitest';
import { createPlaces } from '../../../server/inbox/places.ts';
import type { StoredEvent } from '../../../server/store/schema.ts';

const eventOf = (installation_id: string): StoredEvent => ({
  seq: 1,
  installation_id,
  event_id: '1',
  type: 'conversation:message',
  conversation_key: `${installation_id}/1`,
  payload: '{}',
  state: 'working',
  attempts: 1,
  attempts_allowed: 8,
  run_at: 0,
  lease_owner: 'test',
  lease_until: 0,
  note: null,
  received_at: 0,
  settled_at: null,
});
type Places = ReturnType<typeof createPlaces>;

/** How many more places the account gets. */
async function fill(places: Places, account: string): Promise<number> {
  const { events } = await places.fill(async (admit) => {
    const claimed = [];
    while (admit(account)) claimed.push(eventOf(account));
    return claimed;
  });
  return events.length;
}

describe('the places of a worker', () => {
  it('are half free when one account takes all it can get, and it gets more as they are given back', async () => {
    const places = createPlaces(64);
    expect(await fill(places, 'a')).toBe(33);
    expect(places.free()).toBe(31);
    places.giveBack('a');
    expect(await fill(places, 'a')).toBe(1);
  });

  it('leave some to each that comes later, down to the last', async () => {
    const places = createPlaces(64);
    const counts = [];
    for (const account of ['a', 'b', 'c', 'd', 'e', 'f', 'g'])
      counts.push(await fill(places, account));
    expect(counts).toEqual([33, 16, 8, 4, 2, 1, 0]);
    for (let n = 0; n < 33; n++) places.giveBack('a');
    expect(await fill(places, 'g')).toBeGreaterThan(10);
  });

  it('are given back when the events were taken by another instance, or could not be claimed', async () => {
    const places = createPlaces(8);
    const claim = places.fill(async (admit) => {
      expect([admit('a'), admit('b'), admit('a')]).toEqual([true, true, true]);
      return [eventOf('a')];
    });
    expect(await claim).toMatchObject({ isCrowded: false });
    expect(places.free()).toBe(7);
    const failing = places.fill(async (admit) => {
      while (admit('c'));
      throw new Error('No database.');
    });
    await expect(failing).rejects.toThrow('No database.');
    expect(places.free()).toBe(7);
  });

  it('are of use even when there is only one', async () => {
    const places = createPlaces(1);
    expect([await fill(places, 'a'), await fill(places, 'b')]).toEqual([1, 0]);
    places.giveBack('a');
    expect(await fill(places, 'b')).toBe(1);
  });
});
