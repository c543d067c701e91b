import { request, type RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { checkOutgoingProxy } from '../../../server/commands/doctor/check-configuration.ts';
import { complaints, environmentOf, examineWith } from '../../support/examine-shop.ts';
import { serve } from '../../support/network/serve.ts';
import { startShop, type Shop } from '../../support/start-shop.ts';

let shop: Shop;
const closings: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0)) await close();
});

/** Something in front of the app that answers what it does not let through. */
async function examineBehindFirewall(stops: (path: string, method: string) => boolean) {
  shop = await startShop();
  closings.push(() => shop.close());
  const answerItself: RequestListener = (_request, response) =>
    response.writeHead(403, { 'content-type': 'text/html' }).end('<h1>Forbidden</h1>');
  const place = await serve((arrived, response) => {
    const { url: path = '', method = '', headers } = arrived;
    if (stops(path, method)) return answerItself(arrived, response);
    const target = shop.url.replace('localhost', '127.0.0.1');
    const forwarded = request(`${target}${path}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    arrived.pipe(forwarded);
  });
  closings.push(place.close);
  await shop.restart(place.url);
  return await examineWith(environmentOf(shop, place.url));
}

describe('what is posted to the public address', () => {
  it('reaches the app when nothing is in its way, and changes nothing', async () => {
    const report = await examineBehindFirewall(() => false);
    expect(report.join('\n')).toContain('ok       deliveries: What is posted');
    expect(complaints(report, 'deliveries')).toEqual([]);
  });

  it('is missed when a firewall lets only GET through', async () => {
    const report = await examineBehindFirewall((_path, method) => method === 'POST');
    const found = complaints(report, 'deliveries');
    expect(found).toHaveLength(3);
    for (const path of ['/webhooks/doctor', '/remove', '/zoom/events'])
      expect(found.join('\n')).toContain(
        `POST ${path} is answered with status 403 by something else`,
      );
    expect(report.at(-1)).toBe('3 problems found.');
  });

  it.each(['/webhooks/', '/remove', '/zoom/events'])('is missed at %s alone', async (stopped) => {
    const report = await examineBehindFirewall((path) => path.startsWith(stopped));
    expect(complaints(report, 'deliveries')).toEqual([expect.stringContaining(`POST ${stopped}`)]);
  });
});

describe('the proxy for calls that go out', () => {
  const PROXY = { HTTPS_PROXY: 'http://proxy.example:3128' };

  it.each([
    ['20.19.0', true, 'does not use HTTPS_PROXY'],
    ['22.20.0', true, 'does not use HTTPS_PROXY'],
    ['22.21.0', false, 'is set, but not used'],
    ['22.21.0', true, 'Calls go out through HTTPS_PROXY'],
    ['24.4.1', true, 'does not use HTTPS_PROXY'],
    ['24.5.0', true, 'Calls go out through HTTPS_PROXY'],
  ])('on Node %s, switched on: %s, %s', (running, usesEnvProxy, text) => {
    const [finding] = checkOutgoingProxy(PROXY, { running, usesEnvProxy });
    expect(finding?.text).toContain(text);
    expect(JSON.stringify(finding)).not.toContain('proxy.example');
  });

  it.each(['HTTP_PROXY', 'http_proxy'])('is none for Zendesk where only %s is set', (variable) => {
    const node = { running: '24.5.0', usesEnvProxy: true };
    const only = checkOutgoingProxy({ [variable]: PROXY.HTTPS_PROXY }, node);
    expect(only).toMatchObject([{ status: 'advice', text: expect.stringContaining(variable) }]);
    const both = checkOutgoingProxy({ ...PROXY, [variable]: PROXY.HTTPS_PROXY }, node);
    expect(both).toMatchObject([{ status: 'ok' }]);
  });

  it.each([
    ['', 'problem'],
    ['127.0.0.1, .internal', 'problem'],
    ['.internal, localhost', 'ok'],
    ['*', 'ok'],
  ])('leads nowhere for the sandbox, with NO_PROXY=%s: %s', (exempt, status) => {
    const environment = { ...PROXY, HTTP_PROXY: PROXY.HTTPS_PROXY, NO_PROXY: exempt };
    const node = { running: '24.5.0', usesEnvProxy: true };
    expect(checkOutgoingProxy(environment, node, 'localhost')).toMatchObject([{ status }]);
    expect(checkOutgoingProxy(environment, node)).toMatchObject([{ status: 'ok' }]);
  });

  it('is not spoken of where there is none', () => {
    expect(checkOutgoingProxy({}, { running: '24.0.0', usesEnvProxy: false })).toEqual([]);
  });
});
