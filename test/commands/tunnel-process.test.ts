import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cloneProject, type Clone } from '../support/process/clone-project.ts';
import { findFreePort } from '../support/process/start-process.ts';
import { waitUntil } from '../support/wait-until.ts';

const PROXY = fileURLToPath(new URL('../support/network/open-proxy-tunnel.ts', import.meta.url));

/** The compiled command as a program, with a proxy in the place of ngrok. */
function buildProgram(folder: string): string {
  const proxy = join(folder, 'open-proxy-tunnel.js');
  const options = { bundle: true, platform: 'node', format: 'esm', outfile: proxy } as const;
  buildSync({ entryPoints: [PROXY], ...options });
  const command = join(folder, 'dist/server/commands/tunnel/run-tunnel.js');
  return `
    import { runTunnel } from '${pathToFileURL(command).href}';
    import { openProxyTunnel } from '${pathToFileURL(proxy).href}';
    await runTunnel(process.env, openProxyTunnel);`;
}

let clone: Clone;
let environment: Record<string, string> = {};
beforeEach(async () => {
  clone = cloneProject();
  environment = {
    PORT: String(await findFreePort()),
    SANDBOX_PORT: String(await findFreePort()),
    DATA_DIR: clone.folder,
  };
});
afterEach(() => clone.remove());

describe('npm run tunnel', () => {
  it('says where to get NGROK_AUTHTOKEN when it is missing', async () => {
    const { code, stderr } = await clone.run('tunnel', [], environment);
    expect(code).toBe(1);
    expect(stderr).toContain('NGROK_AUTHTOKEN is missing');
    expect(stderr).not.toContain('    at ');
  });

  it('explains what ngrok’s own library says to a wrong token, or to a closed network', async () => {
    const NGROK_AUTHTOKEN = 'not-a-token-of-anybody';
    const { code, stderr } = await clone.run('tunnel', [], { ...environment, NGROK_AUTHTOKEN });
    expect(code).toBe(1);
    expect(stderr).toMatch(/ngrok could not be reached|ngrok refuses NGROK_AUTHTOKEN/);
    expect(stderr).not.toContain(NGROK_AUTHTOKEN);
    expect(stderr).not.toContain('    at ');
  });

  it('prints its address, and closes app and tunnel on Ctrl-C', async () => {
    const program = buildProgram(clone.folder);
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let shown = '';
    child.stdout.on('data', (chunk) => (shown += String(chunk)));
    const readUrl = () => shown.includes('Ctrl-C') && /ready: ([^\s"]+)/.exec(shown)?.[1];
    const url = String(await waitUntil('the address is printed', readUrl, 25_000));
    expect(url).not.toBe(`http://localhost:${environment['PORT']}`);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const exited = once(child, 'exit');
    child.kill('SIGINT');
    expect(await exited).toEqual([0, null]);
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });
});
