import { afterEach, describe, expect, it } from 'vitest';
import { serve } from '../support/network/serve.ts';
import { runCommand } from '../support/process/run-command.ts';
import { findFreePort } from '../support/process/start-process.ts';

const closings: (() => void)[] = [];
afterEach(() => {
  for (const close of closings.splice(0)) close();
});

/** As a container's health check runs it. */
const checkHealth = (environment: Record<string, string>) =>
  runCommand('check-health', { environment });

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

    const { exitCode } = await checkHealth({ PORT: String(port) });
    expect(exitCode).toBe(code);
    expect(asked).toEqual(['/healthz']);
  });

  it('asks the app itself, not the proxy that calls to Zendesk go through', async () => {
    const { port, close } = await serve((_request, response) => response.end());
    closings.push(close);
    const proxy = `http://127.0.0.1:${await findFreePort()}`;
    const variables = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: proxy, HTTPS_PROXY: proxy };
    const { exitCode } = await checkHealth({ PORT: String(port), ...variables });
    expect(exitCode).toBe(0);
  });

  it('ends with 1 when nobody listens', async () => {
    const ended = await checkHealth({ PORT: String(await findFreePort()) });
    expect(ended).toEqual({ exitCode: 1, output: '' });
  });

  it('says in a sentence what is wrong with the configuration', async () => {
    const { exitCode, output } = await checkHealth({ PORT: 'http' });
    expect(exitCode).toBe(1);
    expect(output).toMatch(/^The configuration has a problem:\n {2}- PORT: must be a port.*\n$/);
  });
});
