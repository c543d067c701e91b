import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request as requestPlain } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepCertificate } from '../../src/web/certificate.ts';
import { startWorld } from '../support/start-world.ts';
import type { World } from '../support/start-world.ts';

let world: World;
let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-tls-'));
  file = join(folder, 'certificate.pem');
  world = await startWorld({ tls: { port: 0, certificateFile: file } });
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

const domain = () => world.byName?.domain ?? expect.fail('There are no names.');

/** As a bot does that was told to trust the file; names lead to this machine, whatever the system says. */
async function ask(address: string, token = '') {
  const { hostname, port, pathname, search } = new URL(address);
  const sent = request({
    host: 'localhost',
    port,
    path: pathname + search,
    servername: hostname,
    headers: { host: `${hostname}:${port}`, authorization: `Bearer ${token}` },
    ca: await readFile(file),
  });
  return read(sent.end());
}

async function read(sent: ReturnType<typeof request>) {
  const [answer] = await once(sent, 'response');
  return {
    status: Number(answer.statusCode),
    headers: answer.headers,
    text: await text(answer),
  };
}

describe('by the names of hosts', () => {
  it('a bot that builds its addresses finds the bridge and its account, with TLS it can check', async () => {
    const { token, appId } = world.install();
    const info = await ask(`https://oauth-bridge.${domain()}/sc/v2/tokeninfo`, token);
    expect([info.status, JSON.parse(info.text).app.id]).toEqual([200, appId]);
    const users = `https://acme.${domain()}/sc/v2/apps/${appId}/users/nobody`;
    expect(await ask(users, token)).toMatchObject({ status: 404 });
    expect(world.control.calls.at(-1)).toMatchObject({
      operation: 'GetUser',
      path: `/accounts/acme/sc/v2/apps/${appId}/users/nobody`,
    });
    const other = `https://bloom.${domain()}/sc/v2/apps/${appId}/users/nobody`;
    expect((await ask(other, token)).status).toBe(403);
    expect((await ask(`https://nobody.${domain()}/sc/v2/apps/x`, token)).text).toContain(
      'No help desk at nobody.zendesk.com',
    );
  });

  it('links to the next page of a list lead to the sandbox', async () => {
    const { token, appId } = world.install();
    const jane = { account: 'acme', userExternalId: 'jane' };
    world.control.createConversation(jane);
    const { userId } = world.control.createConversation(jane);
    const list = `https://acme.${domain()}/sc/v2/apps/${appId}/conversations`;
    const { text: page } = await ask(`${list}?filter[userId]=${userId}&page[size]=1`, token);
    const next = new URL(JSON.parse(page).links.next);
    expect(next.origin).toBe(world.url);
    const { status } = await world.request(token, 'GET', next.pathname + next.search);
    expect(status).toBe(200);
  });

  it('pages are where they always are', async () => {
    const moved = async (path: string) => {
      const { status, headers } = await ask(`https://${path}`);
      return [status, headers.location];
    };
    const query = '/sc/oauth/authorize?client_id=a&response_type=code';
    expect(await moved(`oauth-bridge.${domain()}${query}`)).toEqual([307, `${world.url}${query}`]);
    expect(await moved(`acme.${domain()}/agent?x=1`)).toEqual([
      307,
      `${world.url}/accounts/acme/agent?x=1`,
    ]);
    expect(await moved(`acme.${domain()}/`)).toEqual([307, `${world.url}/`]);
  });

  it('any domain below localhost will do, without TLS as well, and no other', async () => {
    const { token, appId } = world.install();
    const { port } = new URL(world.url);
    const askPlain = (host: string) =>
      read(
        requestPlain({
          host: 'localhost',
          port,
          path: `/sc/v2/apps/${appId}/users/nobody`,
          headers: { host, authorization: `Bearer ${token}` },
        }).end(),
      );
    expect((await askPlain('acme.localhost')).status).toBe(404);
    expect((await askPlain(`acme.my.localhost:${port}`)).status).toBe(404);
    expect((await askPlain('acme.example.com')).status).toBe(421);
    expect((await askPlain('localhost.example.com')).status).toBe(421);
  });

  it('there is a domain also where the address of the sandbox is made of numbers', async () => {
    const tls = { port: 0, certificateFile: file };
    for (const publicUrl of ['http://192.168.1.5:3100', 'http://[fd00::5]:3100']) {
      const other = await startWorld({ publicUrl, tls });
      expect(other.byName?.domain).toMatch(/^zendesk\.localhost:\d+$/);
      await other.close();
    }
  });

  it('the page of bots says what to set, and without TLS how to get it', async () => {
    const page = await (await fetch(`${world.url}/bots`)).text();
    expect(page).toContain(`<code>${domain()}</code>`);
    expect(page).toContain(`<code>${file}</code>`);
    expect(page).toContain(
      '127.0.0.1 oauth-bridge.zendesk.localhost acme.zendesk.localhost bloom.zendesk.localhost<',
    );
    const plain = await startWorld();
    const other = await (await fetch(`${plain.url}/bots`)).text();
    expect(other).toContain('start the sandbox alone');
    await plain.close();
  });
});

describe('the certificate', () => {
  const NAMES = ['localhost', 'zendesk.localhost', '*.zendesk.localhost'];

  it('is kept while it is good, and made again when it is not', async () => {
    const own = join(folder, 'own', 'certificate.pem');
    const first = keepCertificate(own, NAMES);
    expect(keepCertificate(own, NAMES)).toEqual(first);
    const more = keepCertificate(own, [...NAMES, 'sandbox.example.com']);
    expect(more.cert).not.toBe(first.cert);
    const inAYear = Date.now() + 380 * 24 * 3_600_000;
    expect(keepCertificate(own, NAMES, inAYear).cert).not.toBe(more.cert);
    await writeFile(own, 'broken');
    expect(
      new X509Certificate(keepCertificate(own, NAMES).cert).checkHost('acme.zendesk.localhost'),
    ).toBe('*.zendesk.localhost');
  });

  it('is of the names alone, and can sign no other', () => {
    const { cert } = keepCertificate(file, NAMES);
    const certificate = new X509Certificate(cert);
    expect(certificate.ca).toBe(false);
    expect(certificate.checkHost('acme.zendesk.com')).toBeUndefined();
    expect(certificate.verify(certificate.publicKey)).toBe(true);
  });

  it('is trusted by nobody who was not told', async () => {
    const [, port] = domain().split(':');
    const sent = request({ host: 'localhost', port, servername: 'acme.zendesk.localhost' }).end();
    const [error] = await once(sent, 'error');
    expect(error.code).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
  });
});
