import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliveryOf } from '../support/open-hook.ts';
import { exchange } from './support/exchange.ts';
import { openTarget, type Target } from './support/open-target.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

const DRIP = { dripMs: 20 };
const body = deliveryOf(['slow']);
const letters = (text: string) => text.split('');

/** The head of a request that has all it needs but the empty line and the body. */
function listHeads(): string[] {
  const { hook, id, cookie } = target;
  return [
    `POST ${hook.path} HTTP/1.1\r\nHost: localhost\r\nX-API-Key: ${hook.key}\r\n`,
    `POST ${hook.path} HTTP/1.1\r\nHost: localhost\r\nX-API-Key: wrong\r\n`,
    'POST /remove HTTP/1.1\r\nHost: localhost\r\n',
    'POST /zoom/events HTTP/1.1\r\nHost: localhost\r\n',
    `POST /installations/${id}/webhook HTTP/1.1\r\nHost: localhost\r\n${cookie}\r\n`,
    'GET / HTTP/1.1\r\nHost: localhost\r\n',
    'GET /install HTTP/1.1\r\nHost: localhost\r\n',
  ];
}

/** While all of these are at it, somebody else is served; in the end all are turned away. */
async function expectPatience(clients: Promise<Awaited<ReturnType<typeof exchange>>>[]) {
  const others = await fetch(`http://localhost:${target.port}/healthz`);
  expect(others.status).toBe(200);
  const answers = await Promise.all(clients);
  for (const answer of answers) target.expectHarmless(answer);
  return answers.map(({ statuses }) => statuses);
}

describe('a client that', () => {
  it('connects and says nothing is let go', async () => {
    const silent = Array.from({ length: 20 }, () => exchange(target.port, []));
    expect(new Set((await expectPatience(silent)).flat())).toEqual(new Set([408]));
  });

  it('sends its head letter by letter and never ends it is let go', async () => {
    const endless = 'X-More: 1\r\n'.repeat(20);
    const slow = listHeads().map((head) =>
      exchange(target.port, letters(`${head}${endless}`), DRIP),
    );
    for (const statuses of await expectPatience(slow)) expect(statuses).toEqual([408]);
  });

  it('sends its body letter by letter and never ends it is let go, or told early', async () => {
    const length = `Content-Length: ${body.length}\r\n\r\n`;
    const [toHook = [], withWrongKey] = await expectPatience(
      listHeads().map((head) =>
        exchange(target.port, [`${head}${length}`, ...letters(body)], DRIP),
      ),
    );
    expect(toHook).toEqual([408]);
    expect(withWrongKey?.[0]).toBe(401);
    await target.expectUnharmed();
  });

  it('drops the connection anywhere leaves no trace', async () => {
    const whole = listHeads().map((head) => `${head}Content-Length: ${body.length}\r\n\r\n${body}`);
    for (const bytes of whole) {
      const places = Array.from({ length: 20 }, (_, n) => Math.ceil((bytes.length * n) / 19));
      const gone = places.map((end) =>
        exchange(target.port, [bytes.slice(0, end)], { hangUp: true }),
      );
      await expectPatience(gone);
    }
    await target.expectUnharmed();
  });

  it('leaves a live feed, or asks for its head only, leaves no trace', async () => {
    const ask = (method: string) =>
      `${method} /installations/${target.id}/activity HTTP/1.1\r\nHost: localhost\r\n${target.cookie}\r\nAccept: text/event-stream\r\n\r\n`;
    const readers = Array.from({ length: 30 }, () =>
      exchange(target.port, [ask('GET')], { hangUp: true }),
    );
    const heads = Array.from({ length: 10 }, () => exchange(target.port, [ask('HEAD')]));
    await expectPatience(readers);
    expect(new Set((await expectPatience(heads)).flat())).toEqual(new Set([200]));
    await target.expectUnharmed();
  });
});
