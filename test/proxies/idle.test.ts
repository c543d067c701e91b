import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TIMEOUTS } from '../../server/start/http-server.ts';
import { serve } from '../support/network/serve.ts';
import { findFreePort } from '../support/process/start-process.ts';
import { PROXIES } from './support/proxies.ts';
import type { RunningServer } from '../support/process/run-server.ts';

const REQUESTS = 20;
/** Longer than Node's own server keeps an idle connection (5 s, and 1 s that it adds). */
const PAUSE_MS = 7_000;

/** A server as the app's that notes which side was the first to close a connection. */
async function startWitness() {
  const watched = new Set<Socket>();
  let closedHere = 0;
  function watch(socket: Socket): void {
    if (watched.has(socket)) return;
    watched.add(socket);
    let closedThere = false;
    socket.on('end', () => (closedThere = true));
    socket.on('error', () => (closedThere = true));
    socket.on('close', () => (closedHere += closedThere ? 0 : 1));
  }
  const place = await serve((request, response) => {
    // Not those of health checks, of which each has a connection of its own.
    if (request.method === 'POST') watch(request.socket);
    request.resume().on('end', () => response.end('taken'));
  });
  return { ...place, target: `127.0.0.1:${place.port}`, closedHere: () => closedHere };
}

async function sendBurst(url: string): Promise<number[]> {
  const send = () => fetch(url, { method: 'POST', body: 'x' }).then(({ status }) => status);
  return await Promise.all(Array.from({ length: REQUESTS }, send));
}

describe('a pause, and then many requests at once', () => {
  const taken = Array.from({ length: REQUESTS }, () => 200);
  const results = new Map<string, { statuses: number[]; closedHere: number }>();
  const proxies = PROXIES.flatMap(({ name, keepsConnections, start }) =>
    keepsConnections && start ? [{ name, start }] : [],
  );
  const running: RunningServer[] = [];
  afterAll(() => Promise.all(running.map((server) => server.stop())));

  // All pauses at the same time.
  beforeAll(async () => {
    await Promise.all(
      proxies.map(async ({ name, start }) => {
        const witnesses = await Promise.all([startWitness(), startWitness()]);
        const port = await findFreePort();
        running.push(
          await start(
            port,
            witnesses.map(({ target }) => target),
          ),
        );
        const url = `http://localhost:${port}/`;
        const before = await sendBurst(url);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        const after = await sendBurst(url);
        const closedHere = witnesses.reduce((sum, witness) => sum + witness.closedHere(), 0);
        results.set(name, { statuses: [...before, ...after], closedHere });
        witnesses.forEach((witness) => witness.close());
      }),
    );
  });

  it.each(proxies)('are all answered behind $name, on connections that it closes', ({ name }) => {
    expect(results.get(name)).toEqual({ statuses: [...taken, ...taken], closedHere: 0 });
  });
});

describe('the time the server keeps an idle connection', () => {
  /** In seconds, as their makers document them; the sources are in server/start/http-server.ts. */
  const PROXIES_KEEP = {
    'AWS Application Load Balancer': 60,
    Caddy: 120,
    Cloudflare: 900,
    Envoy: 3_600,
    'Google Cloud Load Balancing': 600,
    Heroku: 90,
    nginx: 60,
    'Oracle Load Balancer': 300,
  };

  it.each(Object.entries(PROXIES_KEEP))('is longer than that of %s (%i s)', (_name, seconds) => {
    expect(TIMEOUTS.keepAliveTimeout).toBeGreaterThan(seconds * 1000);
  });

  it('is not that of a connection which never asked anything', () => {
    expect(TIMEOUTS.requestTimeout).toBeLessThanOrEqual(60_000);
  });
});
