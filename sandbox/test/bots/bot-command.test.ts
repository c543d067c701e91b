import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { parseEnv } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CommandError, runBotCommand } from '../../src/bot-command.ts';
import { startSandbox, type Sandbox } from '../../src/start-sandbox.ts';

const BOT = ['--name', 'My bot', '--redirect-uri', 'http://localhost:4000/oauth'];
const MINE = ['register', ...BOT, '--client-id', 'mine'];

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 });
});
afterAll(() => sandbox.close());

const run = (...words: string[]) => runBotCommand(words, sandbox.url);

describe('a command that registers a bot', () => {
  it('prints a file of variables, or what a program reads', async () => {
    const lines = await run('register', ...BOT, '--format', 'env');
    expect(lines).toMatch(/^OAUTH_CLIENT_ID=my-bot-\w{6}\nOAUTH_CLIENT_SECRET=/);
    expect(lines).toContain("\nZENDESK_MARKETPLACE_NAME='My bot'\n");
    const json = await run('register', ...BOT, '--format', 'json');
    expect(JSON.parse(json)).toMatchObject({ bot: { name: 'My bot' } });
  });

  it('prints names that a shell takes as they are', async () => {
    for (const name of ['Cash $hop', 'Tick `tock`', 'back\\note', "Bob's bot"]) {
      const lines = await run('register', ...BOT, '--name', name, '--format', 'env');
      const script = `${lines}\nprintf %s "$ZENDESK_MARKETPLACE_NAME"`;
      expect(spawnSync('sh', ['-c', script], { encoding: 'utf8' }).stdout).toBe(name);
      expect(parseEnv(lines)['ZENDESK_MARKETPLACE_NAME']).toBe(name);
    }
  });

  it('is told how to put it in the place of another', async () => {
    await run(...MINE);
    await expect(run(...MINE)).rejects.toThrow('--replace puts this one in its place');
    expect(await run(...MINE, '--replace')).toContain('My bot is registered.');
  });
});

describe('a command for the sandbox', () => {
  it.each([
    ['of nobody', ['unregister', 'nobody'], 'belongs to no bot'],
    ['without a client id', ['unregister'], 'unregister wants a client id'],
    ['of options alone', ['--url', 'http://localhost:3100'], 'Say what to do: register, list'],
    ['that does not exist', ['registr'], 'There is no command registr'],
    ['with a name not in quotes', ['register', '--name', 'My', 'bot'], 'for these words: bot\n'],
    ['for two bots', ['unregister', 'mine', 'yours'], 'for these words: yours\n'],
    ['with an unknown option', ['register', '--nme', 'x'], "Unknown option '--nme'"],
    ['at an address without http', ['list', '--url', 'localhost:3100'], '--url has to be a whole'],
    ['with an unknown format', [...MINE, '--format', 'xml'], '--format has to be one of'],
  ])('%s is refused', async (_what, words, sentence) => {
    const refused = run(...words);
    await expect(refused).rejects.toThrow(CommandError);
    await expect(refused).rejects.toThrow(sentence);
  });

  it('says where it looked when no sandbox answers', async () => {
    await expect(runBotCommand(['list'], 'http://localhost:1')).rejects.toThrow(
      'No sandbox answers at http://localhost:1: start it with',
    );
  });

  it.each([
    ['a page', '<!doctype html><title>Shop</title>'],
    ['other JSON', '{"status":"fine"}'],
  ])('says so when something answers that is no sandbox, with %s', async (_what, page) => {
    const server = createServer((_request, response) => response.end(page)).listen(0);
    await once(server, 'listening');
    const address = server.address();
    const url = `http://localhost:${typeof address === 'object' ? address?.port : ''}`;
    for (const words of [MINE, ['list'], ['unregister', 'mine']]) {
      const refused = runBotCommand(words, url);
      await expect(refused).rejects.toThrow(CommandError);
      await expect(refused).rejects.toThrow(`What answers at ${url} is no sandbox`);
    }
    server.close();
    server.closeAllConnections();
  });
});
