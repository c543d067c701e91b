import { expect, it } from 'vitest';
import { collectGarbage } from '../../support/collect-garbage.ts';
import { startShop } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';

it('an app that was stopped is let go, while the process is watched on', async () => {
  const stopped = await startAndStop();

  await waitUntil('it is gone', () => {
    collectGarbage();
    return stopped.deref() === undefined;
  });

  expect(stopped.deref()).toBeUndefined();
});

async function startAndStop() {
  const shop = await startShop();
  await fetch(`${shop.url}/metrics`);
  await shop.close();
  return new WeakRef(shop.database);
}
