import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { receiveDelivery, type ReceiverDeps } from '../../../server/inbox/receive/receiver.ts';
import { deliveryOf, openHook, type Hook } from '../../support/open-hook.ts';
import { serve } from '../../support/network/serve.ts';
import { createObserve } from '../../../server/observe.ts';

const statuses = (answers: Response[]) => answers.map(({ status }) => status);

describe('a delivery', () => {
  let hook: Hook;
  beforeEach(async () => {
    hook = await openHook();
  });
  afterEach(() => hook.shop.close());

  it('is acknowledged with an empty object once it is stored', async () => {
    const answer = await hook.post(deliveryOf(['1', '2']));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(await answer.json()).toEqual({});
    expect(await hook.stored()).toMatchObject([{ event_id: '1' }, { event_id: '2' }]);
  });

  it('that arrives twice is acknowledged twice and stored once', async () => {
    const twice = [hook.post(deliveryOf(['1', '2'])), hook.post(deliveryOf(['2', '1', '3']))];
    expect(statuses(await Promise.all(twice))).toEqual([200, 200]);
    expect(statuses([await hook.post(deliveryOf(['3']))])).toEqual([200]);
    expect((await hook.stored()).map(({ event_id }) => event_id).toSorted()).toEqual([
      '1',
      '2',
      '3',
    ]);
  });

  it('among many at the same time is stored like every other', async () => {
    const ids = Array.from({ length: 100 }, (_, n) => `event-${n}`);
    const answers = await Promise.all(ids.map((id) => hook.post(deliveryOf([id]))));
    expect(new Set(statuses(answers))).toEqual(new Set([200]));
    expect((await hook.stored()).map(({ event_id }) => event_id).toSorted()).toEqual(
      ids.toSorted(),
    );
  });

  it('without events is fine', async () => {
    expect((await hook.post('{"events":[]}')).status).toBe(200);
    expect(await hook.stored()).toEqual([]);
  });

  it('of a type nobody knows is stored as ignored', async () => {
    const answer = await hook.post('{"events":[{"id":"1","type":"conversation:sang"}]}');
    expect(answer.status).toBe(200);
    expect(await hook.stored()).toMatchObject([{ state: 'ignored', attempts: 0 }]);
  });
});

describe('a wrong delivery', () => {
  let hook: Hook;
  beforeAll(async () => {
    hook = await openHook();
  });
  afterAll(() => hook.shop.close());

  it.each([
    ['no JSON', 'events=1'],
    ['half of it', '{"events":['],
    ['nothing', ''],
    ['another shape', '{"event":{}}'],
    ['an id that is none', '{"events":[{"id":7,"type":"a"}]}'],
    ['an id with NUL', '{"events":[{"id":"a\\u0000","type":"a"}]}'],
    ['what is no UTF-8', '\ufffd'],
    [
      'nested too deeply',
      `{"events":[{"id":"1","type":"conversation:message","payload":{"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}}]}`,
    ],
  ])('that is %s is refused for good', async (_name, body) => {
    const answer = await hook.post(body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ error: expect.any(String) });
    expect(await hook.stored()).toEqual([]);
  });

  it.each(['GET', 'PUT', 'DELETE', 'OPTIONS'])('by %s is not allowed', async (method) => {
    const answer = await fetch(hook.url, { method, headers: { 'X-API-Key': hook.key } });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('by HEAD is none: Zendesk looks who is there before it creates a webhook', async () => {
    const answer = await fetch(hook.url, { method: 'HEAD' });
    expect(answer.status).toBe(200);
    expect(await hook.stored()).toEqual([]);
  });

  it('to an id nobody has is refused for good, with any key', async () => {
    for (const id of ['0'.repeat(32), 'x', '%00', `${hook.id}0`]) {
      const answer = await hook.post(deliveryOf(['1']), { to: `${hook.shop.url}/webhooks/${id}` });
      expect(answer.status, id).toBe(404);
    }
  });

  it('to an address that only looks like ours is a page that is not there', async () => {
    for (const path of ['/webhooks', '/webhooks/', `/webhooks/${hook.id}/more`]) {
      const answer = await hook.post(deliveryOf(['1']), { to: `${hook.shop.url}${path}` });
      expect(answer.status, path).toBe(404);
      expect(answer.headers.get('content-type'), path).toContain('text/html');
    }
    expect(await hook.stored()).toEqual([]);
  });
});

describe('the receiver', () => {
  let hook: Hook;
  beforeEach(async () => {
    hook = await openHook();
  });
  afterEach(() => hook.shop.close());

  it('asks for a repetition while the installation is revoked', async () => {
    await hook.shop.stores.installations.setStatus(hook.id, ['active'], 'revoked');
    const answer = await hook.post(deliveryOf(['1']));
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
  });

  it('asks for a repetition while the secret is not stored yet', async () => {
    await hook.shop.database.kysely.deleteFrom('secrets').execute();
    const answer = await hook.post(deliveryOf(['1']));
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
  });

  it('knows a removed installation no more, even just after a delivery of it', async () => {
    expect((await hook.post(deliveryOf(['1']))).status).toBe(200);
    await hook.shop.stores.installations.remove(hook.id, { kind: 'removed', text: 'Gone.' });
    expect((await hook.post(deliveryOf(['2']))).status).toBe(404);
    expect(await hook.stored()).toEqual([]);
  });

  it.each([
    ['just after a delivery', true],
    ['out of the blue', false],
  ])('asks for a repetition while the database is away (%s)', async (_name, deliveredBefore) => {
    if (deliveredBefore) expect((await hook.post(deliveryOf(['1']))).status).toBe(200);
    await hook.shop.database.kysely.destroy();
    const answer = await hook.post(deliveryOf(['2']));
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await answer.json()).toEqual({ error: expect.stringContaining('send it again') });
  });

  it('asks for a repetition while it shuts down, before it looks at anything', async () => {
    const untouched = () => Promise.reject(new Error('Nothing may be looked up any more.'));
    const deps: ReceiverDeps = {
      eventTypes: {},
      parts: [{ hasRoom: untouched }],
      checkKey: untouched,
      accept: untouched,
      config: { keepIgnored: false },
      isOpen: () => false,
      observe: createObserve(),
      log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    };
    const { url, close } = await serve((request, response) => {
      receiveDelivery(deps, request, response);
    });
    const answer = await hook.post(deliveryOf(['1']), { to: `${url}/webhooks/${hook.id}` });
    close();
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
  });
});
