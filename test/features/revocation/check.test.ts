import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEventStore } from '../../../server/inbox/events.ts';
import { checkToken } from '../../../server/features/revocation/check.ts';
import { CHECK_TOKEN, doubtToken } from '../../../server/features/revocation/doubt.ts';
import { RemoteError } from '../../../server/remote-error.ts';
import { createStores } from '../../../server/store/create-stores.ts';
import type { Database } from '../../../server/store/engines/database.ts';
import { installationOwner, ACCESS_TOKEN } from '../../../server/store/secrets/secrets.ts';
import { createClock } from '../../support/clock.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';
import { createNotes } from '../../support/notes.ts';

/** What the bridge says at one look. */
const ACCEPTED = () => Promise.resolve({ id: 'app', subdomain: 'acme' });
const REJECTED = () => Promise.reject(new RemoteError('GetTokenInfo', { status: 401 }));
const FORBIDDEN = () => Promise.reject(new RemoteError('GetTokenInfo', { status: 403 }));
const FIREWALL = () => Promise.reject(new RemoteError('GetTokenInfo', { reason: 'a page' }));

const S = 1_000;

describe.each(engines)('a check of a token on %s', (engine) => {
  const clock = createClock();
  const keys = [{ id: 'k', key: Buffer.alloc(32) }];
  let database: Database;
  let id: string;
  const notes = createNotes();
  beforeEach(async () => {
    database = await openTestDatabase(engine);
    id = randomUUID();
    const { stores } = open();
    await stores.installations.create(id, 'Acme');
    await stores.installations.update(id, { app_id: id, subdomain: 'acme' });
    await stores.installations.setStatus(id, ['installing'], 'active');
    await stores.secrets.put(installationOwner(id), ACCESS_TOKEN, 'token');
  });
  afterEach(() => database.close());

  /** As a process that has just started has them: nothing is remembered but what is stored. */
  function open() {
    const observe = notes.createObserve();
    const stores = createStores({ database, keys, observe, now: clock.now });
    const events = createEventStore({ database, observe, now: clock.now });
    const parts = { database, events, eventTypes: {}, observe, wake: () => {}, now: clock.now };
    return { stores, events, core: { ...stores, ...parts } };
  }

  const status = async () => (await open().stores.installations.find(id))?.status ?? 'gone';
  const doubt = (isReported: boolean) => doubtToken(open().core, id, { isReported });

  /** Lets looks come due one by one, each in a new process. Returns when each was, in ms, and what came of it. */
  async function look(answers: (() => Promise<{ id: string; subdomain: string }>)[]) {
    const seen: [number, string][] = [];
    const begun = clock.now();
    const revoked = vi.fn(async () => {});
    for (const getTokenInfo of answers) {
      const { stores, events, core } = open();
      const row = await database.kysely
        .selectFrom('events')
        .selectAll()
        .where('event_id', '=', CHECK_TOKEN)
        .where('state', '=', 'waiting')
        .executeTakeFirst();
      if (row === undefined) break;
      clock.advance(Math.max(0, row.run_at - clock.now()));
      const [event] = await events.claim({ owner: 'us', leaseMs: 15_000, limit: 1 });
      const installation = await stores.installations.find(id);
      if (event === undefined || installation === undefined) throw new Error('Nothing to do');
      const account = { zendesk: { getTokenInfo }, parts: [{ beforeRemoval: revoked }] };
      const settlement = await checkToken({ ...core, ...account }, installation, event);
      await events.settle([settlement]);
      core.observe.occur('attempt-settled', settlement);
      seen.push([clock.now() - begun, await status()]);
    }
    return { seen, revoked };
  }

  it('after a callback ends the installation when two looks agree, 5 s apart', async () => {
    await doubt(true);
    const { seen, revoked } = await look([REJECTED, REJECTED]);
    expect(seen).toEqual([
      [0, 'checking'],
      [5 * S, 'gone'],
    ]);
    expect(revoked).toHaveBeenCalledExactlyOnceWith(id);
    const [line] = notes.latest(id, 5);
    expect(line?.text).toBe('Acme was removed on the Zendesk side.');
  });

  it('after a callback keeps a token that is good at all of four looks', async () => {
    await doubt(true);
    const { seen, revoked } = await look([ACCEPTED, ACCEPTED, ACCEPTED, ACCEPTED, ACCEPTED]);
    expect(seen).toEqual([
      [0, 'active'],
      [5 * S, 'active'],
      [35 * S, 'active'],
      [335 * S, 'active'],
    ]);
    expect(revoked).not.toHaveBeenCalled();
    const [line] = notes.latest(id, 5);
    expect(line?.kind).toBe('remove-callback');
  });

  it('does not count a single rejection, after which deliveries go on', async () => {
    await doubt(true);
    const { seen } = await look([REJECTED, ACCEPTED, REJECTED, ACCEPTED, ACCEPTED, ACCEPTED]);
    expect(seen.map(([, state]) => state)).toEqual([
      'checking',
      'active',
      'checking',
      'active',
      'active',
      'active',
    ]);
  });

  it.each([
    ['a firewall', FIREWALL],
    ['403', FORBIDDEN],
  ])('takes %s for no answer and asks for as long as it takes, ever more rarely', async (_, no) => {
    await doubt(true);
    const { seen, revoked } = await look(Array.from({ length: 14 }, () => no));
    const pauses = seen.slice(1).map(([at], index) => at - (seen[index]?.[0] ?? 0));
    expect(pauses).toEqual(pauses.toSorted((left, right) => left - right));
    expect(pauses.at(-1)).toBe(3600 * S);
    expect(new Set(seen.map(([, state]) => state))).toEqual(new Set(['active']));
    expect(revoked).not.toHaveBeenCalled();
    expect((await look([ACCEPTED, ACCEPTED, ACCEPTED, ACCEPTED])).seen).toHaveLength(4);
  });

  it('does not end by two rejections with no answer in between alone', async () => {
    await doubt(true);
    const { seen } = await look([REJECTED, FIREWALL, REJECTED]);
    const states = ['checking', 'checking', 'gone'];
    expect(seen).toEqual(states.map((state, index) => [5 * S * index, state]));
  });

  it('after a refused call revokes when two looks agree, and keeps everything', async () => {
    await doubt(false);
    const { seen, revoked } = await look([REJECTED, REJECTED]);
    expect(seen).toEqual([
      [0, 'checking'],
      [5 * S, 'revoked'],
    ]);
    expect(revoked).not.toHaveBeenCalled();
  });

  it('after a refused call is over when the token is good', async () => {
    await doubt(false);
    expect((await look([ACCEPTED, ACCEPTED])).seen).toEqual([[0, 'active']]);
    expect(notes.latest(id, 5)).toEqual([]);
  });

  it('ends the installation when the callback comes while a refused call is looked into', async () => {
    await doubt(false);
    await look([REJECTED]);
    await doubt(true);
    expect((await look([REJECTED])).seen).toEqual([[5 * S, 'gone']]);
  });

  it.each([
    ['a callback', true, 'gone'],
    ['a refused call', false, 'revoked'],
  ])('looks twice at the token of a new install, too, after %s', async (_, isReported, end) => {
    const reinstalled = async () => {
      await open().stores.installations.setStatus(id, ['checking'], 'active');
      return REJECTED();
    };
    await doubt(isReported);
    await look([REJECTED]);
    const { seen } = await look([reinstalled, REJECTED, REJECTED, REJECTED]);
    expect(seen).toEqual([
      [5 * S, 'active'],
      [5 * S, 'checking'],
      [10 * S, end],
    ]);
  });

  it('ends what its owner was removing, and never gives it back', async () => {
    await open().stores.installations.setStatus(id, ['active'], 'removing');
    await doubt(true);
    const { seen } = await look([ACCEPTED, REJECTED, REJECTED]);
    expect(seen.map(([, state]) => state)).toEqual(['removing', 'removing', 'gone']);
  });

  it('that was decided when its process died concludes nothing', async () => {
    await doubt(false);
    await database.kysely.deleteFrom('token_checks').execute();
    expect((await look([REJECTED, REJECTED])).seen).toEqual([[0, 'active']]);
  });

  it('learns where a renamed account is', async () => {
    await doubt(true);
    await look([() => Promise.resolve({ id: 'app', subdomain: 'acme-outdoor' })]);
    expect(await open().stores.installations.find(id)).toMatchObject({ subdomain: 'acme-outdoor' });
  });
});
