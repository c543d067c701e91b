import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createBrowser } from '../support/browser/browser.ts';
import { copyCompiled } from '../support/process/compiled-copy.ts';
import { findProgram, provingGround } from '../support/process/find-program.ts';
import { findFreePort } from '../support/process/start-process.ts';
import { waitUntil } from '../support/wait-until.ts';
import { namesLeadHere, readSection, writeHosts } from './support/follow-section.ts';
import { root } from './support/read-pages.ts';

const PAGE = 'docs/use-the-sandbox.md';
/** Zendesk's own client, which `.ci/run` puts there. */
const clients = join(provingGround, 'clients/node_modules');
/** A checkout of Zendesk's sample with its packages: it is on no registry. */
const shoplifter = process.env['SHOPLIFTER_FOLDER'] ?? '';

const onPosix = process.platform !== 'win32';

describe.runIf(onPosix)('what docs/use-the-sandbox.md says', { timeout: 120_000 }, () => {
  const running: (() => Promise<void>)[] = [];
  let project = '';
  let url = '';
  let domain = '';
  let environment: Record<string, string> = {};

  /** Runs commands as a person's shell does, until the test is over. */
  function type(commands: string, folder: string, more: Record<string, string> = {}) {
    const child = spawn('sh', ['-ec', commands], {
      cwd: folder,
      env: { ...environment, ...more },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exited = once(child, 'exit');
    const printed: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => printed.push(String(chunk)));
    const end = async () => {
      // npm and whatever it started.
      if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      await exited;
    };
    return { output: () => printed.join(''), end, hasEnded: () => child.exitCode !== null };
  }

  async function typeUntil(commands: string, folder: string, isReady: () => Promise<boolean>) {
    const typed = type(commands, folder);
    running.push(typed.end);
    const look = () => {
      if (typed.hasEnded()) throw new Error(typed.output());
      return isReady();
    };
    await waitUntil('the bot is there', look, 60_000);
  }

  beforeAll(async () => {
    project = copyCompiled();
    symlinkSync(join(root, 'scripts'), join(project, 'scripts'));
    environment = {
      PATH: process.env['PATH'] ?? '',
      HOME: project,
      SHOPKEEPER: project,
      SANDBOX_PORT: String(await findFreePort()),
      SANDBOX_TLS_PORT: String(await findFreePort()),
      ...((await namesLeadHere()) ? {} : { NODE_OPTIONS: `--require ${writeHosts(project)}` }),
    };
    const { commands } = readSection(PAGE, 'Start', {});
    const [start = ''] = commands;
    const sandbox = type(start, project);
    sandboxEnd = sandbox.end;
    const isReady = () => sandbox.output().includes('By the names of hosts');
    await waitUntil('the sandbox is ready', isReady, 60_000);
    url = /ready: (\S+)/.exec(sandbox.output())?.[1] ?? '';
    domain = /\{subdomain\}\.(\S+)\/sc/.exec(sandbox.output())?.[1] ?? '';
  });
  let sandboxEnd: (() => Promise<void>) | undefined;
  afterEach(async () => {
    for (const end of running.splice(0)) await end();
  });
  afterAll(async () => {
    await sandboxEnd?.();
    rmSync(project, { recursive: true, force: true });
  });

  /** What an admin and a customer do with a bot that answers with what it heard. */
  async function tryOut(bot: string): Promise<void> {
    const browser = createBrowser(url);
    const consent = await browser.open(`${bot}/install`);
    expect(consent.text).toContain('would like access');
    const installed = await browser.submit(consent, '/sc/oauth/authorize', {
      account: 'acme',
      decision: 'allow',
    });
    expect(installed.text).toBe('Installed. Write to the bot.');
    const messenger = '/accounts/acme/messenger';
    await browser.send(`${messenger}/conversations`);
    await browser.send(`${messenger}/messages`, { text: 'Is it here?' });
    await waitUntil('the bot answers', async () =>
      (await browser.get(messenger)).text.includes('You said: Is it here?'),
    );
    const admin = await browser.get(`/accounts/acme/admin/ai/ai-agents/ai-agents/marketplace-bots`);
    expect(admin.text).toContain('calls carry the three marketplace headers');
    expect(admin.text).not.toContain('lack a marketplace header');
    for (const [, remove = ''] of admin.text.matchAll(/href="([^"]+)\/remove"/g))
      await browser.send(`${remove}/remove`);
  }

  /** Does what a section says, in a folder of the bot's own. Returns where the bot is. */
  async function follow(
    title: string,
    port: string,
    prepare: (folder: string, programs: string[]) => string,
  ) {
    const own = String(await findFreePort());
    const ports = { [port]: own, 3101: String(environment['SANDBOX_TLS_PORT']) };
    const { programs, commands } = readSection(PAGE, title, ports);
    const folder = prepare(mkdtempSync(join(tmpdir(), 'shopkeeper-bot-')), programs);
    // Installed beforehand: tests reach nothing beyond this machine.
    const typed = commands.join('').replace(/^npm install .*\n/m, '');
    const bot = `http://localhost:${own}`;
    await typeUntil(typed, folder, () =>
      fetch(bot).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    return bot;
  }

  const save = (file: string, modules?: string) => (folder: string, programs: string[]) => {
    const program = programs.find((one) => one.split('\n', 1)[0]?.endsWith(` ${file}`));
    writeFileSync(join(folder, file), program ?? expect.fail(`The page has no ${file}`));
    if (modules !== undefined) symlinkSync(modules, join(folder, 'node_modules'));
    return folder;
  };

  it.runIf(findProgram('python3'))('runs a bot in Python', async () => {
    await tryOut(await follow('A bot in Python', '4000', save('bot.py')));
  });

  it.runIf(findProgram('php', 'php-cli'))('runs a bot in PHP', async () => {
    await tryOut(await follow('A bot in PHP', '4001', save('bot.php')));
  });

  it.runIf(isThere(clients))('runs a bot with the official JavaScript client', async () => {
    const title = 'The official JavaScript client';
    await tryOut(await follow(title, '4002', save('bot.mjs', clients)));
  });

  it.runIf(shoplifter !== '')('runs the original Shoplifter, unchanged', async () => {
    const title = 'A bot that builds its addresses: the original Shoplifter';
    const bot = await follow(title, '4003', (folder) => {
      cpSync(shoplifter, folder, { recursive: true });
      return folder;
    });
    const browser = createBrowser(url);
    const front = await browser.get(bot);
    const [authorize = ''] = /https:\/\/oauth-bridge[^"']+/.exec(front.text) ?? [];
    expect(authorize).toContain(`https://oauth-bridge.${domain}/sc/oauth/authorize?`);
    const { search } = new URL(authorize.replaceAll('&amp;', '&'));
    const consent = await browser.get(`/sc/oauth/authorize${search}`);
    const decision = { account: 'acme', decision: 'allow' };
    const callback = await browser.submit(consent, '/sc/oauth/authorize', decision);
    const code = new URL(callback.url).searchParams.get('code') ?? '';
    const exchanged = await browser.get(`${bot}/exchange?code=${code}`);
    expect(exchanged.text).toContain('Access token was used successfully to send a test message');
    const workspace = await browser.get('/accounts/acme/agent');
    expect(workspace.text).toContain('Shoplifter');
  });
});

/** @throws Error in CI, which skips nothing. */
function isThere(folder: string): boolean {
  if (existsSync(folder)) return true;
  const remedy = `npm install --prefix ${provingGround}/clients sunshine-conversations-client@14.1.0`;
  if (process.env['CI']) throw new Error(`The official client was not found: ${remedy}`);
  console.warn(`Skipping the test with the official client: ${remedy}`);
  return false;
}
