import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFreePort, startProcess } from '../support/process/start-process.ts';

let dataDir = '';
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'shopkeeper-host-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

async function environment() {
  const [port, sandboxPort] = [await findFreePort(), await findFreePort()];
  return { PORT: String(port), SANDBOX_PORT: String(sandboxPort), DATA_DIR: dataDir };
}

describe('the app', () => {
  it('with a sandbox answers this machine alone, unless HOST says otherwise', async () => {
    const env = await environment();
    const reaches = async (host: string) =>
      await Promise.all(
        [env.PORT, env.SANDBOX_PORT].map((port) =>
          fetch(`http://${host}:${port}/healthz`).then(
            () => true,
            () => false,
          ),
        ),
      );
    const closed = startProcess(env);
    await closed.ready();
    expect(await reaches('127.0.0.1')).toEqual([true, true]);
    expect(await reaches('[::1]')).toEqual([true, true]);
    expect(await reaches('127.0.0.2')).toEqual([false, false]);
    await closed.end('SIGTERM');
    const open = startProcess({ ...env, HOST: '0.0.0.0' });
    await open.ready();
    expect(await reaches('127.0.0.2')).toEqual([true, true]);
    await open.end('SIGTERM');
  });
});
