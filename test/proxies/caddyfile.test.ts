import { afterEach, describe, expect, it } from 'vitest';
import { findProgram } from '../support/process/find-program.ts';
import { serve } from '../support/network/serve.ts';
import { findFreePort } from '../support/process/start-process.ts';
import { startOwnCaddy } from './support/proxies.ts';

const caddy = findProgram('caddy');
const closings: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0)) await close();
});

/** The project's Caddy in front of an app that answers so; returns where it listens. */
async function startCaddy(program: string, publicUrlEnd: string, statusOfApp: number) {
  const app = await serve((request, response) => {
    request.resume();
    response.writeHead(statusOfApp).end(`the app was asked for ${request.url}`);
  });
  closings.push(app.close);
  const url = `http://localhost:${await findFreePort()}`;
  const target = `127.0.0.1:${app.port}`;
  const proxy = await startOwnCaddy(program, url + publicUrlEnd, [target]);
  closings.unshift(() => proxy.stop());
  return url;
}

describe.runIf(caddy)('the Caddyfile', () => {
  const program = caddy ?? '';

  it.each(['', '/', '/path', '//'])(
    'acknowledges nothing that it did not pass on, with PUBLIC_URL ending in "%s"',
    async (end) => {
      const url = await startCaddy(program, end, 200);
      for (const path of ['/webhooks/an-installation', '/remove', '/oauth?code=1', '/'])
        for (const host of [undefined, 'another.example.com']) {
          const headers = host === undefined ? {} : { host };
          const response = await fetch(url + path, { method: 'POST', headers, body: '{}' });
          expect(await response.text()).toBe(`the app was asked for ${path}`);
        }
    },
  );

  it('acknowledges nothing when no instance is ready', async () => {
    const url = await startCaddy(program, '', 503);
    const response = await fetch(`${url}/webhooks/an-installation`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(503);
  });
});
