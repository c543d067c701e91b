import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpServer, listen } from '../../../server/start/http-server.ts';
import { complaints, environmentOf, examineWith } from '../../support/examine-shop.ts';
import { serve } from '../../support/network/serve.ts';
import { FORWARDED, startProxy, type ProxyOptions } from '../../support/network/start-proxy.ts';
import { findFreePort } from '../../support/process/start-process.ts';
import { startShop, type Shop } from '../../support/start-shop.ts';

let shop: Shop;
const closings: (() => void)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0)) close();
  await shop.close();
});

/** The shop behind a proxy whose address is its PUBLIC_URL; answers the doctor's report. */
async function examineBehind(
  proxy: Omit<ProxyOptions, 'target'>,
  trustProxy: boolean | number = false,
): Promise<string[]> {
  shop = await startShop({ trustProxy });
  const place = await startProxy({ target: shop.url.replace('localhost', '127.0.0.1'), ...proxy });
  closings.push(place.close);
  await shop.restart(place.url);
  return await examineWith(environmentOf(shop, place.url));
}

/** Something else at the public address, while the shop runs on its port. */
async function examineInstead(handle: RequestListener, timeoutMs = 2_000): Promise<string> {
  shop = await startShop();
  const place = await serve(handle);
  closings.push(place.close);
  const report = await examineWith(environmentOf(shop, place.url), { timeoutMs });
  return complaints(report, 'public address').join('\n');
}

describe('behind a proxy the doctor', () => {
  it('explains TRUST_PROXY when it is not set', async () => {
    const report = await examineBehind({ headers: FORWARDED });
    expect(complaints(report)).toEqual([expect.stringContaining('Set TRUST_PROXY to the number')]);
  });

  it('is content once it is set', async () => {
    expect(complaints(await examineBehind({ headers: FORWARDED }, 1))).toEqual([]);
  });

  it('sees that more is believed than the proxy says', async () => {
    const report = await examineBehind({ headers: FORWARDED }, 2);
    expect(complaints(report, 'proxy')[0]).toContain('believes whatever address a visitor writes');
  });

  it('says when there is no proxy to trust', async () => {
    const report = await examineBehind({ headers: ({ host }) => ({ host }) }, 1);
    expect(complaints(report, 'proxy')[0]).toContain('leave TRUST_PROXY empty');
  });

  it('sees a host that the proxy changes in silence', async () => {
    const report = await examineBehind({});
    expect(complaints(report, 'proxy')[0]).toContain('proxy_set_header Host');
  });

  it('sees a protocol that the proxy does not tell', async () => {
    const wrong: ProxyOptions['headers'] = ({ host, address }) => ({
      host,
      'x-forwarded-for': address,
      'x-forwarded-proto': 'https',
    });
    const report = await examineBehind({ headers: wrong }, 1);
    expect(complaints(report, 'proxy')[0]).toContain('X-Forwarded-Proto');
  });

  it('sees cookies that are lost on the way out', async () => {
    const report = await examineBehind({ headers: FORWARDED, drops: ['set-cookie'] }, 1);
    expect(complaints(report)).toEqual([expect.stringContaining('the app sets does not arrive')]);
  });

  it('sees cookies that are lost on the way in', async () => {
    const headers: ProxyOptions['headers'] = (arrived) => ({ ...FORWARDED(arrived), cookie: '' });
    const report = await examineBehind({ headers }, 1);
    expect(complaints(report)).toEqual([expect.stringContaining('does not reach the app')]);
  });
});

describe('at the public address the doctor', () => {
  it('tells the app from something else', async () => {
    const found = await examineInstead((_request, response) => response.end('<h1>Hello</h1>'));
    expect(found).toContain('Something else than this app answers');
  });

  it('tells another Shopkeeper from this one', async () => {
    const found = await examineInstead((request, response) => {
      if (request.url !== '/healthz') response.statusCode = 404;
      response.end('{"status":"ok"}');
    });
    expect(found).toContain('with other SESSION_SECRETS');
  });

  it('says where a redirect leads', async () => {
    const found = await examineInstead((_request, response) =>
      response.writeHead(301, { location: 'https://www.example.com/healthz' }).end(),
    );
    expect(found).toContain('redirects to https://www.example.com.');
  });

  it('knows that the app runs when only the proxy is broken', async () => {
    const found = await examineInstead((_request, response) => response.writeHead(502).end());
    expect(found).toContain('answers with status 502');
    expect(found).toContain(`although the app answers at ${new URL(shop.url).host}`);
  });

  it('knows that also of an app that HOST has listen at one address alone', async () => {
    shop = await startShop();
    const place = { port: await findFreePort(), host: '127.0.0.2' };
    closings.push(await listen(createHttpServer(shop.handle), place));
    const gone = await serve();
    gone.close();
    const settings = { PORT: String(place.port), HOST: place.host };
    const report = await examineWith({ ...environmentOf(shop, gone.url), ...settings });
    const [line] = complaints(report, 'public address');
    expect(line).toContain(`although the app answers at 127.0.0.2:${place.port}`);
  });

  it('does not wait for what hangs, neither before the headers nor in the body', async () => {
    expect(await examineInstead(() => {}, 300)).toContain('gives no answer within 0.3 s');
    for (const close of closings.splice(0)) close();
    await shop.close();
    const found = await examineInstead((_request, response) => void response.write('{'), 300);
    expect(found).toContain('gives no answer within 0.3 s');
  });

  it('says how to start an app that does not run', async () => {
    shop = await startShop();
    const gone = await serve();
    gone.close();
    const environment = { ...environmentOf(shop, gone.url), PORT: String(gone.port) };
    const [line] = complaints(await examineWith(environment), 'public address');
    expect(line).toContain('npm start');
  });

  it('names an app that was started with another PUBLIC_URL', async () => {
    shop = await startShop();
    const other = shop.url.replace('localhost', '127.0.0.1');
    const [line] = complaints(await examineWith(environmentOf(shop, other)), 'public address');
    expect(line).toContain(`runs with PUBLIC_URL=${shop.url}`);
  });

  it('names a name that does not exist', async () => {
    shop = await startShop();
    const environment = environmentOf(shop, 'https://no-such-name.invalid');
    const [line] = complaints(await examineWith(environment), 'public address');
    expect(line).toContain('no-such-name.invalid does not resolve');
  });

  it('asks for a name that only the proxy knows which calls go through', async () => {
    shop = await startShop();
    const environment = environmentOf(shop, 'https://no-such-name.invalid');
    const [line] = complaints(
      await examineWith(
        { ...environment, HTTPS_PROXY: 'http://127.0.0.1:9' },
        { node: { running: '24.5.0', required: '>=20.19', usesEnvProxy: true } },
      ),
      'public address',
    );
    expect(line).toContain('although the app answers at');
  });

  it('knows that the real Zendesk cannot reach this machine’s own name', async () => {
    shop = await startShop();
    const { ZENDESK_OAUTH_URL: _local, ...environment } = environmentOf(shop);
    const [line] = complaints(
      await examineWith({ ...environment, ZENDESK_DOMAIN: 'zendesk.invalid' }),
      'public address',
    );
    expect(line).toContain('npm run tunnel');
  });
});
