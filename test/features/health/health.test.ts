import express from 'express';
import supertest from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../../../server/log.ts';
import { createAppState } from '../../../server/store/tables/app-state.ts';
import { readyz } from '../../../server/features/health/ready.ts';
import { openDatabase } from '../../support/store/engines.ts';
import { startShop, type Shop } from '../../support/start-shop.ts';

let shop: Shop;
beforeEach(async () => {
  shop = await startShop();
});
afterEach(() => shop.close());

const ask = async (path: string) => {
  const answer = await fetch(`${shop.url}${path}`);
  return [answer.status, await answer.json()];
};

describe('the health checks', () => {
  it('are both fine when the app runs', async () => {
    expect(await ask('/healthz')).toEqual([200, { status: 'ok' }]);
    expect(await ask('/readyz')).toEqual([200, { status: 'ready', database: true }]);
  });

  it('tell alive from ready when the database is away', async () => {
    await shop.database.kysely.destroy();
    expect(await ask('/healthz')).toEqual([200, { status: 'ok' }]);
    expect(await ask('/readyz')).toEqual([
      503,
      { status: 'not ready', database: false, reason: 'the database cannot be written' },
    ]);
  });

  it('tell a database that cannot be reached from one that cannot be written', async () => {
    const database = await openDatabase({
      dataDir: shop.dataDir,
      databaseUrl: 'postgres://shop:the-password@127.0.0.1:1/shop',
    });
    const log = createLog('silent');
    const app = express();
    const appState = createAppState(database);
    app.get('/readyz', readyz({ appState, isReady: () => true, now: Date.now, log }));

    const { status, text } = await supertest(app).get('/readyz');

    expect(status).toBe(503);
    expect(text).toContain('"reason":"the database cannot be reached"');
    expect(text).not.toMatch(/127\.0\.0\.1|password/);
    await database.close();
  });

  it('set no cookie', async () => {
    for (const path of ['/healthz', '/readyz']) {
      expect((await fetch(`${shop.url}${path}`)).headers.has('set-cookie')).toBe(false);
    }
  });
});
