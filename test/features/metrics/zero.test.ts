import { afterEach, describe, expect, it } from 'vitest';
import type { Feature } from '../../../server/features/feature.ts';
import { metrics as metricsFeature } from '../../../server/features/metrics/index.ts';
import { readMetrics } from '../../support/read-metrics.ts';
import { startShop, type Shop } from '../../support/start-shop.ts';

/** A feature whose tokens will be renewed one day. */
const services: Feature = {
  name: 'services',
  open({ observe }) {
    for (const service of ['zoom', 'zocks']) observe.occur('service-known', { service });
    observe.occur('channel-known', { channel: 'webhook' });
    return {};
  },
};

let shop: Shop;
afterEach(() => shop.close());

const series = (name: string, label: string, values: readonly (string | number)[]) =>
  values.map((value) => `${name}{${label}="${value}"}`);

describe('before anything has happened', () => {
  it('every series is there and 0, so that the first of a kind is an increase', async () => {
    shop = await startShop({ features: [metricsFeature, services] });
    const metrics = await readMetrics(shop.url);
    const refreshes = ['zoom', 'zocks'].flatMap((provider) =>
      series('shopkeeper_token_refreshes_total', `provider="${provider}",result`, [
        'renewed',
        'dead',
        'refused',
        'scope',
        'busy',
        'unavailable',
      ]),
    );
    const changes = ['zoom', 'zocks'].flatMap((provider) =>
      series('shopkeeper_connection_changes_total', `provider="${provider}",status`, [
        'connected',
        'needs_reconnect',
        'failing',
      ]),
    );
    const notices = series('shopkeeper_connection_notices_total', 'channel="webhook",result', [
      'sent',
      'failed',
      'given-up',
    ]);
    const expected = [
      ...changes,
      ...notices,
      ...series('shopkeeper_deliveries_total', 'status', [
        200,
        400,
        401,
        404,
        405,
        413,
        503,
        'aborted',
      ]),
      ...series('shopkeeper_events_received_total', 'state', ['waiting', 'ignored']),
      ...series('shopkeeper_event_attempts_total', 'state', [
        'done',
        'ignored',
        'failed',
        'waiting',
      ]),
      ...series('shopkeeper_events', 'state', ['waiting', 'working', 'failed']),
      ...series('shopkeeper_installations', 'status', [
        'installing',
        'active',
        'checking',
        'revoked',
        'removing',
      ]),
      ...refreshes,
      'shopkeeper_reply_seconds_count',
      'shopkeeper_oldest_event_age_seconds',
    ];
    expect(expected.filter((sample) => metrics.valueOf(sample) !== 0)).toEqual([]);
  });

  it('an operation has all its failures at 0 from its first call', async () => {
    shop = await startShop();
    await shop.install();
    const metrics = await readMetrics(shop.url);
    const about = 'service="zendesk",operation="GetToken",status';
    const name = 'shopkeeper_outgoing_calls_total';
    expect(metrics.valueOf(`${name}{${about}="200"}`)).toBe(1);
    for (const status of ['none', 401, 403, 404, 429, 500, 502, 503, 504])
      expect(metrics.valueOf(`${name}{${about}="${status}"}`)).toBe(0);
  });
});
