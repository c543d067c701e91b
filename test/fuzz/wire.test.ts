import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { deliveryOf } from '../support/open-hook.ts';
import { exchange, writeRequest } from './support/exchange.ts';
import { hostileHeaders } from './support/hostile-headers.ts';
import { hostileMethod } from './support/hostile-targets.ts';
import { LIMITS } from './support/limits.ts';
import { openTarget, type Target } from './support/open-target.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

/** Who takes a body: the receiver, JSON, raw bytes, a form. */
function listHeads(): string[] {
  const { hook, id, cookie } = target;
  const form = 'Content-Type: application/x-www-form-urlencoded';
  return [
    `POST ${hook.path} HTTP/1.1\r\nHost: localhost\r\nX-API-Key: ${hook.key}`,
    `POST ${hook.path} HTTP/1.1\r\nHost: localhost\r\nX-API-Key: wrong`,
    'POST /remove HTTP/1.1\r\nHost: localhost',
    'POST /zoom/events HTTP/1.1\r\nHost: localhost',
    `POST /installations/${id}/webhook HTTP/1.1\r\nHost: localhost\r\n${cookie}\r\n${form}`,
    'GET / HTTP/1.1\r\nHost: localhost',
    'GET /install HTTP/1.1\r\nHost: localhost',
  ];
}

const body = deliveryOf(['wire']);

/** What follows the head: a body that is not as it says, or no body at all. */
const framing = fc.oneof(
  fc.constantFrom(
    `Content-Length: ${body.length}\r\n\r\n${body}`,
    `Content-Length: ${body.length + 1}\r\n\r\n${body}`,
    `Content-Length: ${body.length - 1}\r\n\r\n${body}`,
    `Content-Length: 99999999999999999999\r\n\r\n${body}`,
    `Content-Length: 2000000\r\n\r\n${'x'.repeat(2_000_000)}`,
    `Content-Length: 5\r\nContent-Length: 6\r\n\r\n${body}`,
    `Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    `Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    'Transfer-Encoding: chunked\r\n\r\n5\r\nab',
    'Transfer-Encoding: chunked\r\n\r\nxyz\r\nab\r\n0\r\n\r\n',
    'Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nab',
    `Transfer-Encoding: chunked\r\n\r\n5;${'x'.repeat(20_000)}\r\nabcde\r\n0\r\n\r\n`,
    'Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n',
    'Transfer-Encoding: chunked\r\nTrailer: X\r\n\r\n0\r\nX: \x00\r\n\r\n',
    'Expect: 100-continue\r\nContent-Length: 2\r\n\r\n',
    'Connection: close',
    '\r\n\r\n',
    '\n\n',
  ),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
);

/** All on one connection, which is to be closed after the last. */
function pipeline(requests: Buffer[]): string {
  const texts = requests.map((bytes) => bytes.toString('latin1'));
  const kept = texts.slice(0, -1).map((text) => text.replace('Connection: close\r\n', ''));
  return [...kept, ...texts.slice(-1)].join('');
}

// A counterexample is made smaller before it is shown, which takes longer than to find it.
describe('a connection', { timeout: 120_000 }, () => {
  it('ends, whatever its bytes say about their length', async () => {
    const message = fc.tuple(fc.nat(listHeads().length - 1), framing);
    const property = fc.asyncProperty(
      fc.array(message, { minLength: 8, maxLength: 16 }),
      fc.boolean(),
      async (messages, hangUp) => {
        await target.makeRoom(messages.length);
        const heads = listHeads();
        const answers = await Promise.all(
          messages.map(([head, rest]) =>
            exchange(target.port, [`${heads[head]}\r\n${rest}`], { hangUp }),
          ),
        );
        for (const answer of answers) target.expectHarmless(answer);
      },
    );
    await fc.assert(property, LIMITS);
    await target.expectUnharmed();
  });

  it('that says anything but HTTP ends', async () => {
    const property = fc.asyncProperty(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 400 }), { maxLength: 20 }),
      async (openings) => {
        const answers = await target.attack(openings.map((bytes) => Buffer.from(bytes)));
        expect(answers.filter((status) => status !== 400 && status !== 408)).toEqual([]);
      },
    );
    await fc.assert(property, LIMITS);
    await target.expectUnharmed();
  });

  it('with many requests in one piece gets its answers in their order', async () => {
    const statuses: Record<string, number> = { '/healthz': 200, '/none': 404, '/oauth': 400 };
    const property = fc.asyncProperty(
      fc.array(fc.constantFrom(...Object.keys(statuses)), { minLength: 1, maxLength: 40 }),
      async (paths) => {
        await target.makeRoom(paths.length);
        const requests = paths.map((path) => writeRequest({ method: 'GET', target: path }));
        const answer = await exchange(target.port, [pipeline(requests)]);
        target.expectHarmless(answer);
        expect(answer.statuses).toEqual(paths.map((path) => statuses[path]));
      },
    );
    await fc.assert(property, LIMITS);
  });

  it('with hostile requests among many gets no more answers than it asked for', async () => {
    const request = fc.record({
      method: hostileMethod,
      target: fc.constantFrom('/', '/healthz', '/remove', target.hook.path, '/%', '*'),
      headers: hostileHeaders,
      body: fc.option(fc.constant(Buffer.from(body)), { nil: undefined }),
    });
    const property = fc.asyncProperty(fc.array(request, { maxLength: 20 }), async (requests) => {
      await target.makeRoom(requests.length);
      const answer = await exchange(target.port, [pipeline(requests.map(writeRequest))]);
      target.expectHarmless(answer);
      const final = answer.statuses.filter((status) => status !== 100);
      expect(final.length).toBeLessThanOrEqual(requests.length + 1);
    });
    await fc.assert(property, LIMITS);
    await target.expectUnharmed();
  });
});
