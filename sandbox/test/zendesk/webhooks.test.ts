import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkRecordedCalls } from '../../../test/support/openapi/check.ts';
import { CLIENT_ID, startWorld } from '../support/start-world.ts';
import type { World } from '../support/start-world.ts';

const PATH = '/integrations/me/webhooks';

describe('webhooks', () => {
  let world: World;

  beforeEach(async () => {
    world = await startWorld();
  });

  afterEach(() => world.close());

  function settings(path = '/webhooks/1') {
    return { target: `${world.receiver.url}${path}`, triggers: ['conversation:message'] };
  }

  it('are created, listed, read, changed and deleted, and the secret comes each time', async () => {
    const { call } = world.install();
    const created = await call('POST', PATH, settings());
    expect(created.status).toBe(201);
    const id = created.body.webhook?.id;
    const secret = created.body.webhook?.['secret'];
    expect(secret).toEqual(expect.any(String));
    expect((await call('GET', PATH)).body.webhooks).toEqual([created.body.webhook]);
    expect((await call('GET', `${PATH}/${id}`)).body.webhook?.['secret']).toBe(secret);
    const changed = await call('PATCH', `${PATH}/${id}`, { includeFullUser: true });
    expect(changed.body.webhook).toEqual({ ...created.body.webhook, includeFullUser: true });
    expect((await call('DELETE', `${PATH}/${id}`)).body).toEqual({});
    expect((await call('GET', `${PATH}/${id}`)).status).toBe(404);
    checkRecordedCalls(world.control.calls);
  });

  it('are refused as a fourth one of an integration', async () => {
    const { call } = world.install();
    for (const path of ['/a', '/b', '/c']) {
      expect((await call('POST', PATH, settings(path))).status).toBe(201);
    }
    const fourth = await call('POST', PATH, settings('/d'));
    expect(fourth.status).toBe(400);
    expect(fourth.body.errors?.[0]?.code).toBe('bad_request');
  });

  it('are refused as an eleventh one of an app', async () => {
    for (const clientId of ['one', 'two', 'three', 'four']) {
      world.registerClient({
        clientId,
        clientSecret: 's',
        name: clientId,
        redirectUris: [world.redirectUri],
      });
    }
    const bots = ['one', 'two', 'three', 'four'].map((clientId) => world.install({ clientId }));
    const statuses: number[] = [];
    for (const { call } of bots) {
      for (let n = 0; n < 3 && statuses.length < 11; n += 1) {
        statuses.push((await call('POST', PATH, settings())).status);
      }
    }
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 201), 400]);
  });

  it.each([
    ['the target', { rootStatus: 404, targetStatus: 204 }],
    ['its root', { rootStatus: 200, targetStatus: 405 }],
  ])('are created when %s alone answers HEAD', async (_place, statuses) => {
    Object.assign(world.receiver.settings, statuses);
    expect((await world.install().call('POST', PATH, settings())).status).toBe(201);
  });

  it('are refused with a bare 400 when neither the target nor its root answers 2xx', async () => {
    Object.assign(world.receiver.settings, { rootStatus: 503, targetStatus: 503 });
    const { call } = world.install();
    const created = await call('POST', PATH, settings());
    expect(created.status).toBe(400);
    expect(created.body).toEqual({ errors: [{ code: 'bad_request', title: 'Bad request' }] });
  });

  it('are refused with the same when GET alone is known there: Zendesk asks by HEAD', async () => {
    world.receiver.settings.knowsHead = false;
    const created = await world.install().call('POST', PATH, settings());
    expect([created.status, created.body.errors?.[0]?.title]).toEqual([400, 'Bad request']);
  });

  it.each([
    ['no target', { triggers: ['conversation:message'] }],
    ['a target that is no address', { target: 'bot.example', triggers: ['user:remove'] }],
    [
      'plain http to another machine',
      { target: 'http://bot.example/hook', triggers: ['user:remove'] },
    ],
    [
      'a trigger in the wrong case',
      { target: 'https://bot.example', triggers: ['Conversation:message'] },
    ],
    [
      'a secret of the caller',
      { target: 'https://bot.example', triggers: ['user:remove'], secret: 'x' },
    ],
  ])('are refused with %s', async (_case, body) => {
    expect((await world.install().call('POST', PATH, body)).status).toBe(400);
  });

  it('of another integration are neither listed nor found', async () => {
    world.registerClient({
      clientId: 'other',
      clientSecret: 's',
      name: 'Other',
      redirectUris: [world.redirectUri],
    });
    const { webhook } = world.installListening();
    const other = world.install({ clientId: 'other' });
    expect((await other.call('GET', PATH)).body.webhooks).toEqual([]);
    expect((await other.call('DELETE', `${PATH}/${webhook.id}`)).status).toBe(404);
    const [shop] = world.control.installations();
    const path = `/integrations/${shop?.integrationId}/webhooks`;
    for (const foreign of [path, `${path}/${webhook.id}`]) {
      const { body } = await other.call('GET', foreign);
      expect(body.errors?.[0]?.code).toBe('integration_not_found');
    }
  });

  it('added by hand need no reachable target', () => {
    world.install();
    const target = 'https://other-deployment.example/hook';
    world.control.addForeignWebhook({ account: 'acme', clientId: CLIENT_ID, target });
    expect(world.control.installations()[0]?.webhooks[0]?.target).toBe(target);
  });
});
