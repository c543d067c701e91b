import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { writeRequest } from '../../fuzz/support/exchange.ts';
import { describeForms } from '../../fuzz/support/form-cases.ts';
import { hostileBody } from '../../fuzz/support/hostile-bodies.ts';
import { hostileHeaders } from '../../fuzz/support/hostile-headers.ts';
import { wordsOf } from '../../fuzz/support/hostile-text.ts';
import { LIMITS } from '../../fuzz/support/limits.ts';
import { watch } from '../../fuzz/support/open-target.ts';
import { describePages } from '../../fuzz/support/page-cases.ts';
import { engines } from '../../support/store/engines.ts';
import type { ShopOptions } from '../../support/start-shop.ts';
import {
  openAccount,
  SERVER_APP,
  ZOCKS_APP,
  ZOOM_APP,
  ZOOM_SECRET_TOKEN,
} from './support/open-account.ts';

/** An account with a connection of each kind. */
async function openTarget(options: ShopOptions) {
  const account = await openAccount(options);
  await account.connect({ name: 'Sales' });
  await account.connectServer({ name: 'Server' });
  const [client] = await account.shop.stores.oauthClients.list(account.id);
  if (client === undefined) throw new Error('The account was not opened completely.');
  const { id } = await account.findConnection('Sales');
  const own = `/installations/${account.id}`;
  const secrets = [ZOOM_APP, SERVER_APP, ZOCKS_APP].map(({ clientSecret }) => clientSecret);
  return {
    ...(await watch(account, [ZOOM_SECRET_TOKEN, ...secrets])),
    own,
    connection: `${own}/connections/${id}`,
    client: `${own}/oauth-clients/${client.id}`,
  };
}

describeForms('the forms of connections', async (options) => {
  const target = await openTarget(options);
  const { own, connection, client } = target;
  return {
    ...target,
    forms:
      wordsOf(`${own}/connections ${own}/connections/none/delete ${connection} ${connection}/test
      ${connection}/reconnect ${connection}/disable ${connection}/enable ${own}/oauth-clients
      ${own}/oauth-clients/none/delete ${client} ${client}/delete`),
    finalForms: [`${connection}/delete`, `${own}/disconnect`],
    // Accepted, filled in wrongly, not a form, about something that is not there.
    statuses: [303, 422, 403, 404],
  };
});

describePages('the pages of connections', async (options) => {
  const target = await openTarget(options);
  const { own, client } = target;
  const paths = wordsOf(`${own}/connections ${own}/connections/new ${own}/connections/none
    ${own}/oauth-clients ${own}/oauth-clients/new ${client} /connections/callback/zoom
    /connections/callback/none /zoom/events`);
  return { ...target, paths };
});

describe.each(engines)('the address that Zoom calls, on %s', (engine) => {
  let target: Awaited<ReturnType<typeof openTarget>>;
  beforeAll(async () => {
    target = await openTarget({ engine });
  });
  afterAll(() => target.close());

  const request = fc.record({ body: hostileBody, headers: hostileHeaders });
  const requests = fc.array(request, { maxLength: 18 });

  it('stand any bytes as an event of Zoom, and even signed ones', async () => {
    const property = fc.asyncProperty(requests, fc.boolean(), async (list, isSigned) => {
      await target.attack(
        list.map(({ body, headers }) => {
          const signature = isSigned ? sign(body) : [];
          const all = [...signature, ...headers];
          return writeRequest({ method: 'POST', target: '/zoom/events', headers: all, body });
        }),
      );
    });
    await fc.assert(property, LIMITS);
    await target.expectUnharmed();
  });
});

/** As Zoom does it. */
function sign(body: Buffer): string[] {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const hmac = createHmac('sha256', ZOOM_SECRET_TOKEN).update(`v0:${timestamp}:`).update(body);
  return [`x-zm-request-timestamp: ${timestamp}`, `x-zm-signature: v0=${hmac.digest('hex')}`];
}
