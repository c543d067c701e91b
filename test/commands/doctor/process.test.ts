import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cloneProject, type Clone } from '../../support/process/clone-project.ts';
import { serve } from '../../support/network/serve.ts';
import { findFreePort, startProcess } from '../../support/process/start-process.ts';

let clone: Clone;
beforeEach(async () => {
  clone = cloneProject();
});
afterEach(() => clone.remove());

describe('npm run doctor', () => {
  it('looks at an app that is running, and leaves it running', async () => {
    const environment = {
      PORT: String(await findFreePort()),
      SANDBOX_PORT: String(await findFreePort()),
      DATA_DIR: clone.folder,
    };
    const app = startProcess(environment);
    await app.ready();
    const { code, stdout } = await clone.run('doctor', ['--json'], environment);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true });
    expect(code).toBe(0);
    expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
    expect(await app.end('SIGTERM')).toBe(0);
  });

  it('reads .env and fails with 1 when something is wrong', async () => {
    await writeFile(clone.envFile, 'PORT=http\nOAUTH_CLIENT_ID=x\nOAUTH_CLIENT_SECRET=hidden\n');
    const { code, stdout } = await clone.run('doctor');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^problem {2}configuration: PORT: must be a port number/m);
    expect(stdout).not.toContain('hidden');
  });

  it('advises quotes for a value that ends at a #, and shows nothing of it', async () => {
    await writeFile(clone.envFile, 'PORT=http\nOAUTH_CLIENT_SECRET=hidden#away\n');
    const { stdout } = await clone.run('doctor');
    expect(stdout).toMatch(/^advice {3}configuration: The value of OAUTH_CLIENT_SECRET in \.env/m);
    expect(stdout).not.toMatch(/hidden|away/);
  });

  it('asks an app on this machine itself, not the proxy that calls go through', async () => {
    const { port, close } = await serve((_request, response) => response.end('{"status":"ok"}'));
    const proxy = `http://127.0.0.1:${await findFreePort()}`;
    const variables = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: proxy, HTTPS_PROXY: proxy };
    const { stdout } = await clone.run('doctor', [], { PORT: String(port), ...variables });
    close();
    expect(stdout).toContain(`public address: http://localhost:${port} answers.`);
  });

  it.runIf(process.allowedNodeEnvironmentFlags.has('--use-env-proxy'))(
    'knows that proxies may be switched on by NODE_OPTIONS as well',
    async () => {
      const variables = { NODE_OPTIONS: '--use-env-proxy', HTTPS_PROXY: 'http://127.0.0.1:9' };
      const { stdout } = await clone.run('doctor', [], variables);
      expect(stdout).toContain('Calls go out through HTTPS_PROXY');
    },
  );

  it('ends although a host never answers', async () => {
    const silent = await serve(() => {});
    const { code, stdout } = await clone.run('doctor', ['--json'], { PUBLIC_URL: silent.url });
    silent.close();
    expect(code).toBe(1);
    expect(stdout).toContain('gives no answer within 5 s');
  });
});
