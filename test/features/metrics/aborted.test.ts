import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { openHook } from '../../support/open-hook.ts';
import { readMetrics } from '../../support/read-metrics.ts';
import { waitUntil } from '../../support/wait-until.ts';

it('a delivery whose sender hangs up in the middle is counted as aborted', async () => {
  const hook = await openHook();
  const { hostname, port, pathname } = new URL(hook.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const head = `POST ${pathname} HTTP/1.1\r\nHost: a\r\nX-API-Key: ${hook.key}\r\nContent-Length: 9\r\n\r\n`;
  await new Promise((resolve) => {
    socket.write(head, resolve);
  });
  socket.destroy();
  const counted = await waitUntil('it was counted', async () => {
    const { valueOf } = await readMetrics(hook.shop.url);
    return valueOf('shopkeeper_deliveries_total{status="aborted"}') || undefined;
  });
  expect(counted).toBe(1);
  await hook.shop.close();
});
