import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { engines } from '../../support/store/engines.ts';
import { deliveryOf, openHook, type Hook } from '../../support/open-hook.ts';
import { waitUntil } from '../../support/wait-until.ts';

const LIMIT = 1024 * 1024;

let hook: Hook;
afterEach(() => hook.shop.close());

/** A delivery of exactly so many bytes. */
function deliveryOfSize(bytes: number): string {
  return deliveryOf(['1'], 'x'.repeat(bytes - deliveryOf(['1'], '').length));
}

/** A connection on which we decide when which bytes leave; what came back is in `received()`. */
async function openSocket(apiKey = hook.key) {
  const { port, pathname } = new URL(hook.url);
  const socket: Socket = connect(Number(port), 'localhost');
  await once(socket, 'connect');
  let received = '';
  socket.on('data', (chunk) => (received += chunk.toString('latin1')));
  const lines = [`POST ${pathname} HTTP/1.1`, 'Host: localhost', `X-API-Key: ${apiKey}`];
  return {
    socket,
    received: () => received,
    sendHead: (...more: string[]) => socket.write([...lines, ...more, '', ''].join('\r\n')),
  };
}

describe('the body of a delivery', () => {
  it('may have 1 MiB and not a byte more', async () => {
    hook = await openHook();
    expect((await hook.post(deliveryOfSize(LIMIT))).status).toBe(200);
    const tooLarge = await hook.post(deliveryOfSize(LIMIT + 1));
    expect(tooLarge.status).toBe(413);
    expect(await tooLarge.json()).toEqual({ error: expect.stringContaining('1 MiB') });
  });

  it('that is too large is refused while it is still being sent, on a connection that stays good', async () => {
    hook = await openHook();
    const { socket, received, sendHead } = await openSocket();
    sendHead(`Content-Length: ${3 * LIMIT}`);
    socket.write(Buffer.alloc(LIMIT + 1, 'x'));
    await waitUntil('the refusal arrived', () => received().includes('At most 1 MiB'));
    expect(received()).toMatch(/^HTTP\/1\.1 413 /);

    socket.write(Buffer.alloc(2 * LIMIT - 1, 'x'));
    const body = deliveryOf(['1']);
    sendHead(`Content-Length: ${body.length}`);
    socket.write(body);
    await waitUntil('the next was acknowledged', () => received().includes('HTTP/1.1 200 '));
    socket.destroy();
  });

  it('that is refused unread is let through the socket, so that the sender sees why', async () => {
    hook = await openHook();
    const { socket, received, sendHead } = await openSocket('wrong');
    sendHead(`Content-Length: ${3 * LIMIT}`);
    await waitUntil('the refusal arrived', () => received().includes('HTTP/1.1 401 '));
    await new Promise((sent) => socket.write(Buffer.alloc(3 * LIMIT, 'x'), sent));
    sendHead('Content-Length: 0');
    await waitUntil(
      'the next was refused too',
      () => received().split('HTTP/1.1 401 ').length === 3,
    );
    socket.destroy();
  });

  it('that does not say how long it is, is measured all the same', async () => {
    hook = await openHook();
    const { socket, received, sendHead } = await openSocket();
    sendHead('Transfer-Encoding: chunked');
    const chunk = `${LIMIT.toString(16)}\r\n${'x'.repeat(LIMIT)}\r\n`;
    socket.write(chunk + chunk);
    await waitUntil('the refusal arrived', () => received().includes('HTTP/1.1 413 '));
    socket.destroy();
  });

  it('that never ends does not keep the connection for ever', async () => {
    hook = await openHook();
    const { socket, sendHead } = await openSocket();
    socket.on('error', () => {});
    const closed = new Promise((resolve) => {
      socket.once('close', resolve);
    });
    sendHead(`Content-Length: ${1024 * LIMIT}`);
    const piece = Buffer.alloc(LIMIT, 'x');
    for (let sent = 0; sent < 32 && !socket.destroyed; sent++) {
      if (!socket.write(piece))
        await Promise.race([new Promise((go) => socket.once('drain', go)), closed]);
    }
    await closed;
  });

  it('whose sender hangs up midway leaves nothing behind and harms nobody', async () => {
    hook = await openHook();
    const { socket, sendHead } = await openSocket();
    const body = deliveryOf(['1']);
    sendHead(`Content-Length: ${body.length}`);
    socket.write(body.slice(0, -1));
    socket.destroy();
    expect((await hook.post(deliveryOf(['2']))).status).toBe(200);
    expect((await hook.stored()).map(({ event_id }) => event_id)).toEqual(['2']);
  });

  it('may arrive byte by byte, characters cut in half', async () => {
    hook = await openHook({ keepIgnored: true });
    const { socket, received, sendHead } = await openSocket();
    const body = Buffer.from(deliveryOf(['1'], 'Grüße 🎉'));
    sendHead(`Content-Length: ${body.length}`);
    socket.setNoDelay(true);
    for (const byte of body) {
      socket.write(Buffer.of(byte));
      await new Promise(setImmediate);
    }
    await waitUntil('it was acknowledged', () => received().includes('HTTP/1.1 200 '));
    socket.destroy();
    expect((await hook.stored())[0]?.payload).toContain('Grüße 🎉');
  });
});

describe.each(engines)('a text stored on %s', (engine) => {
  it.each([
    ['NUL', 'a\u0000b'],
    ['half a surrogate pair', 'a\ud83d'],
    ['the other half', '\udf89b'],
    ['emoji', '🎉👩‍👩‍👧‍👦'],
    ['what JSON has to escape', '"\\\b\f\n\r\t\u2028'],
  ])('with %s is read back as it was', async (_name, text) => {
    hook = await openHook({ engine, keepIgnored: true });
    expect((await hook.post(deliveryOf(['1', '2'], text))).status).toBe(200);
    for (const { payload } of await hook.stored()) {
      expect(JSON.parse(payload ?? '')).toMatchObject({
        payload: { message: { content: { text } } },
      });
    }
    await waitUntil('both were handled', async () =>
      (await hook.stored()).every(({ state }) => state === 'ignored'),
    );
  });
});
