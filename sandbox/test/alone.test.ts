import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox } from '../src/start-sandbox.ts';

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
function start(variables: Record<string, string>, ...words: string[]) {
  const child = spawn(process.execPath, [PROGRAM, ...words], {
    cwd: folder,
    env: { PATH: process.env['PATH'], SANDBOX_TLS_PORT: '0', ...variables },
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

async function printedAddress({ child }: Pick<ReturnType<typeof start>, 'child'>) {
  let printed = '';
  for await (const chunk of child.stdout) {
    printed += String(chunk);
    const url = /The sandbox is ready: (\S+)\n/.exec(printed)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`The sandbox ended: ${printed}`);
}

/** One that somebody has. */
async function takePort(): Promise<string> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  running.push(async () => server.close());
  const address = server.address();
  return typeof address === 'object' ? String(address?.port) : '';
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

  it('goes on when nobody reads what it prints any more', async () => {
    const { child, end } = start({ SANDBOX_PORT: '0' });
    // Reading has ended with this: the pipe is closed.
    const url = await printedAddress({ child });
    expect(child.stdout.destroyed).toBe(true);
    // Its log has a line of each address that is no proper encoding.
    for (const path of ['/accounts/%zz/agent', '/accounts/%zz/messenger'])
      expect((await fetch(url + path)).ok).toBe(false);
    expect((await fetch(url)).status).toBe(200);
    expect(await end()).toBe(0);
  });

  it('goes by the address that browsers and bots have for it', async () => {
    const url = await printedAddress(
      start({ SANDBOX_PORT: '0', SANDBOX_URL: 'https://sandbox.example.com/' }),
    );
    expect(url).toBe('https://sandbox.example.com');
  });

  it('names every variable that is not right, and ends', async () => {
    const ports = { SANDBOX_PORT: '70000', SANDBOX_TLS_PORT: '-1' };
    const { child, exited } = start({ ...ports, SANDBOX_URL: 'nowhere' });
    const [stderr] = await Promise.all([text(child.stderr), exited]);
    expect(child.exitCode).toBe(1);
    expect(stderr.trim().split('\n')).toEqual([
      'SANDBOX_PORT has to be a port: 0 to 65535',
      'SANDBOX_TLS_PORT has to be a port: 0 to 65535',
      'SANDBOX_URL has to be an address: https://…',
    ]);
  });

  it('reads an .env with the mark of Windows in front, and says when it is no file', async () => {
    await writeFile(join(folder, '.env'), `\uFEFFHOST=127.0.0.2\r\nSANDBOX_PORT=0\r\n`);
    expect(await printedAddress(start({}))).toMatch(/^http:\/\/127\.0\.0\.2:\d+$/);
    await rm(join(folder, '.env'));
    await mkdir(join(folder, '.env'));
    const stderr = await text(start({}).child.stderr);
    expect(stderr).toMatch(/^\.env has to be a file that can be read: .*EISDIR.*\n$/);
  });

  it('says that its folder is none, and ends', async () => {
    const { child, exited } = start({ SANDBOX_PORT: '0', DATA_DIR: PROGRAM });
    const [stderr] = await Promise.all([text(child.stderr), exited]);
    expect(child.exitCode).toBe(1);
    expect(stderr).toMatch(/^DATA_DIR has to be a folder that can be written to: .*EEXIST.*\n$/);
  });

  it('says that its port is taken, and ends', async () => {
    const port = await takePort();
    const { child, exited } = start({ SANDBOX_PORT: port });
    const [stderr] = await Promise.all([text(child.stderr), exited]);
    expect(child.exitCode).toBe(1);
    expect(stderr).toMatch(
      new RegExp(`^The sandbox did not start on the ports ${port} and 0: .*EADDRINUSE.*:${port}`),
    );
  });

  it('says that its port for TLS is taken, and ends with nothing open', async () => {
    const port = await takePort();
    const { child, exited } = start({ SANDBOX_PORT: '0', SANDBOX_TLS_PORT: port });
    const [stderr] = await Promise.all([text(child.stderr), exited]);
    expect(child.exitCode).toBe(1);
    expect(stderr).toMatch(new RegExp(`EADDRINUSE.*:${port}`));
  });
});

describe('a bot is made known to the sandbox alone', () => {
  const BOT = ['--name', 'My bot', '--redirect-uri', 'http://localhost:4000/oauth'];

  /** Runs a command to its end. */
  async function command(url: string, ...words: string[]) {
    const { hostname, port } = new URL(url);
    const { child, exited } = start({ SANDBOX_PORT: port, HOST: hostname }, ...words);
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
    return { code: child.exitCode, stdout, stderr };
  }

  it('by a command, and is known after a restart', async () => {
    const first = start({ SANDBOX_PORT: '0' });
    const url = await printedAddress(first);
    const own = ['--client-id', 'mine', '--client-secret', 'secret-8'];
    const registered = await command(url, 'register', ...BOT, ...own);
    expect(registered).toMatchObject({ code: 0, stderr: '' });
    expect(registered.stdout).toContain('My bot is registered. The secret is shown this once.');
    expect(registered.stdout).toMatch(new RegExp(`token +${url}/sc/oauth/token\n`));
    expect(registered.stdout).toContain('\nOAUTH_CLIENT_SECRET=secret-8\n');
    await first.end();

    await printedAddress(start({ SANDBOX_PORT: new URL(url).port }));
    const row = 'mine\tMy bot\thttp://localhost:4000/oauth\tinstalled in 0\n';
    expect((await command(url, 'list')).stdout).toBe(row);
    expect((await command(url, 'unregister', 'mine')).stdout).toContain('is not registered any');
    expect((await command(url, 'list')).stdout).toBe('No bot is registered.\n');
  });

  it('also where another address of this machine is set as HOST', async () => {
    const url = await printedAddress(start({ SANDBOX_PORT: '0', HOST: '127.0.0.2' }));
    expect(url).toMatch('http://127.0.0.2:');
    expect((await command(url, 'list')).stdout).toBe('No bot is registered.\n');
  });

  it('or the terminal says everything that is wrong', async () => {
    const sandbox = await startSandbox({ port: 0 });
    running.push(() => sandbox.close());
    expect(await command(sandbox.url, 'register', '--name', '', '--redirect-uri', 'x')).toEqual({
      code: 1,
      stdout: '',
      stderr:
        '--name has to be given: people are asked whether they allow it\n' +
        '--redirect-uri has to be a whole http or https address: x\n',
    });
  });

  it('has the help of the commands', async () => {
    expect((await command('http://localhost:1', '--help')).stdout).toContain(
      'unregister CLIENT_ID',
    );
  });
});
