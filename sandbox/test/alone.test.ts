import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const PROGRAM = join(import.meta.dirname, '../dist/main.js');
const ADMIN = '/accounts/acme/admin/ai/ai-agents/ai-agents/marketplace-bots';

let folder = '';
const running: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-alone-'));
});
afterEach(async () => {
  for (const end of running.splice(0)) await end();
  await rm(folder, { recursive: true });
});

/** The program as `npm run sandbox` starts it, with nothing of our environment. */
function start(variables: Record<string, string>) {
  const child = spawn(process.execPath, [PROGRAM], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  const end = async () => {
    child.kill('SIGTERM');
    await exited;
    return child.exitCode;
  };
  running.push(end);
  return { child, exited, end };
}

async function printedAddress({ child }: ReturnType<typeof start>): Promise<string> {
  let printed = '';
  for await (const chunk of child.stdout) {
    printed += String(chunk);
    const url = /The sandbox is ready: (\S+)\n/.exec(printed)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`The sandbox ended: ${printed}`);
}

const rename = (url: string) =>
  fetch(`${url}${ADMIN}/subdomain`, {
    method: 'POST',
    headers: { Origin: url },
    body: new URLSearchParams({ subdomain: 'acme-europe' }),
  });

describe('the sandbox alone', () => {
  it('prints its address, answers there, and keeps what happened over a restart', async () => {
    const first = start({ SANDBOX_PORT: '0' });
    const url = await printedAddress(first);
    expect(await (await fetch(url)).text()).toContain('Acme');
    expect((await rename(url)).ok).toBe(true);
    expect(await first.end()).toBe(0);

    const again = await printedAddress(start({ SANDBOX_PORT: new URL(url).port }));
    expect(again).toBe(url);
    expect(await (await fetch(`${url}${ADMIN}`)).text()).toContain('acme-europe');
  });

  it('goes by the address that browsers and bots have for it', async () => {
    const url = await printedAddress(
      start({ SANDBOX_PORT: '0', SANDBOX_URL: 'https://sandbox.example.com/' }),
    );
    expect(url).toBe('https://sandbox.example.com');
  });

  it('names every variable that is not right, and ends', async () => {
    const { child, exited } = start({ SANDBOX_PORT: '70000', SANDBOX_URL: 'nowhere' });
    const [stderr] = await Promise.all([text(child.stderr), exited]);
    expect(child.exitCode).toBe(1);
    expect(stderr.trim().split('\n')).toEqual([
      'SANDBOX_PORT has to be a port: 0 to 65535',
      'SANDBOX_URL has to be an address: https://…',
    ]);
  });

  it('says that its port is taken, and ends', async () => {
    const url = await printedAddress(start({ SANDBOX_PORT: '0' }));
    const { port } = new URL(url);
    const { child, exited } = start({ SANDBOX_PORT: port });
    const [stderr] = await Promise.all([text(child.stderr), exited]);
    expect(child.exitCode).toBe(1);
    expect(stderr).toMatch(new RegExp(`^The sandbox did not start on port ${port}: .*EADDRINUSE`));
  });
});
