import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { compiledProgram } from '../support/process/compiled-copy.ts';
import { serve } from '../support/network/serve.ts';
import { findFreePort } from '../support/process/start-process.ts';

const closings: (() => void)[] = [];
afterEach(() => {
  for (const close of closings.splice(0)) close();
});

/** As a container's health check runs it; answers how it ended. */
async function checkHealth(environment: Record<string, string>): Promise<unknown> {
  const child = spawn(process.execPath, [compiledProgram('commands/check-health.js')], {
    env: { PATH: process.env['PATH'], ...environment },
  });
  const [code]: unknown[] = await once(child, 'exit');
  return code;
}

describe('the health check of the container', () => {
  it.each([
    [200, 0],
    [500, 1],
  ])('of an app that answers %d ends with %d', async (status, code) => {
    const asked: unknown[] = [];
    const { port, close } = await serve((request, response) => {
      asked.push(request.url);
      response.writeHead(status).end();
    });
    closings.push(close);

    expect(await checkHealth({ PORT: String(port) })).toBe(code);
    expect(asked).toEqual(['/healthz']);
  });

  it('ends with 1 when nobody listens', async () => {
    expect(await checkHealth({ PORT: String(await findFreePort()) })).toBe(1);
  });
});
