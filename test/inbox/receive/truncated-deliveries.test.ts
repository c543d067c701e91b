import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { deliveryOf, openHook, type Hook } from '../../support/open-hook.ts';
import { waitUntil } from '../../support/wait-until.ts';

const Line = z.looseObject({ level: z.number(), msg: z.string() });
const ERROR = 50;

let hook: Hook;
beforeEach(async () => {
  hook = await openHook();
});
afterEach(() => hook.shop.close());

/** Sends the head of a delivery and `sent` bytes of its body, then hangs up. */
async function hangUpAfter(sent: number): Promise<void> {
  const body = deliveryOf(['1']);
  const { hostname, port, pathname } = new URL(hook.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const head = `POST ${pathname} HTTP/1.1\r\nHost: a\r\nX-API-Key: ${hook.key}\r\nContent-Length: ${body.length}\r\n\r\n`;
  await new Promise((resolve) => {
    socket.write(head + body.slice(0, sent), resolve);
  });
  socket.destroy();
}

describe('a delivery whose sender hangs up in the middle', () => {
  it.each([0, 100])('after %d bytes of the body is no error of ours', async (sent) => {
    const printedBefore = hook.shop.printed.length;
    await hangUpAfter(sent);
    await waitUntil('it was noticed', () =>
      hook.shop.printed.slice(printedBefore).some((line) => line.includes('hung up')),
    );

    const lines = hook.shop.printed
      .slice(printedBefore)
      .map((line) => Line.parse(JSON.parse(line)));
    expect(lines.filter(({ level }) => level >= ERROR)).toEqual([]);
    expect(lines).toContainEqual(
      expect.objectContaining({
        msg: expect.stringContaining('hung up'),
        installationId: hook.id,
        requestId: expect.any(String),
      }),
    );
    expect(await hook.stored()).toEqual([]);
  });

  it('is told from a database that is away, which is an error', async () => {
    await hook.shop.database.kysely.destroy();
    const answer = await hook.post(deliveryOf(['1']));

    const requestId = answer.headers.get('x-request-id');
    const lines = hook.shop.printed.map((line) => Line.parse(JSON.parse(line)));
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(lines).toContainEqual(
      expect.objectContaining({ level: ERROR, requestId, installationId: hook.id }),
    );
  });
});
