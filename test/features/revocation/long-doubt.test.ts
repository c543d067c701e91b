import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CHECK_TOKEN } from '../../../server/features/revocation/doubt.ts';
import { engines } from '../../support/store/engines.ts';
import { CLIENT_ID, startShop, type Shop } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';

describe.each(engines)('a doubt that lasts for hours, on %s,', (engine) => {
  let late = 0;
  let shop: Shop;
  beforeEach(async () => {
    late = 0;
    shop = await startShop({ engine, now: () => Date.now() + late });
  });
  afterEach(() => shop.close());

  const looks = () =>
    shop.zendesk.calls.filter(({ operation }) => operation === 'GetTokenInfo').length;
  const readCheck = () =>
    shop.database.kysely
      .selectFrom('events')
      .select(['state', 'note', 'run_at'])
      .where('event_id', '=', CHECK_TOKEN)
      .executeTakeFirst();

  /** Lets each look come due. */
  async function lookUntil(condition: () => Promise<boolean>): Promise<void> {
    await waitUntil('it was looked often enough', async () => {
      const check = await readCheck();
      if (check?.state === 'waiting') late = Math.max(late, check.run_at - Date.now());
      return condition();
    });
  }

  it('is not over with a failure of our own', async () => {
    const { id } = await shop.install();
    const { app_id: appId } = (await shop.stores.installations.find(id)) ?? {};
    const before = looks();
    shop.zendesk.armFault({ kind: 'answer', operation: 'GetTokenInfo', status: 500, times: 10 });
    await fetch(`${shop.url}/remove`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ appId, integrationId: 'any' }),
    });
    await lookUntil(async () => looks() - before >= 10);

    await sql`alter table token_checks rename to token_checks_away`.execute(shop.database.kysely);
    await lookUntil(async () => (await readCheck())?.note?.includes('token_checks') === true);
    await sql`alter table token_checks_away rename to token_checks`.execute(shop.database.kysely);
    expect((await readCheck())?.state).not.toBe('failed');

    shop.zendesk.armFault({ kind: 'loseRemoveCallback' });
    shop.zendesk.removeInstallation({ account: 'acme', clientId: CLIENT_ID });
    await lookUntil(async () => (await shop.stores.installations.find(id)) === undefined);
  });
});
