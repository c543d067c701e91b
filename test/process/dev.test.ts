import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProjectRoot } from '../../server/config/env-file.ts';
import { createBrowser, type Browser } from '../support/browser/browser.ts';
import { findFreePort } from '../support/process/start-process.ts';
import { waitUntil } from '../support/wait-until.ts';

/** What is edited, and what stylesheets and scripts are built of: they are written beside it. */
const COPIED = ['server', 'sandbox', 'scripts', 'public', 'ui', 'package.json', 'tsconfig.json'];
const LINKED = ['node_modules', 'views'];
const BUILT = join(findProjectRoot(), 'sandbox/dist');
const BOT = 'server/bot/on-message.ts';
/** Of the server, and nothing that the bot's types depend on: these take the compiler longest. */
const OTHER = 'server/start/start-app.ts';
/** The compiler's first look takes longest. */
const SLOW = 60_000;

describe('npm run dev', { timeout: 180_000 }, () => {
  let folder = '';
  let original = '';
  let url = '';
  let installer: Browser;
  let chat: Awaited<ReturnType<typeof openMessenger>>;
  let dev: ReturnType<typeof spawn>;
  let printed = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shopkeeper-dev-'));
    const root = findProjectRoot();
    const options = { recursive: true, filter: (path: string) => path !== BUILT };
    for (const name of COPIED) await cp(join(root, name), join(folder, name), options);
    for (const name of LINKED) await symlink(join(root, name), join(folder, name));
    await writeFile(join(folder, '.env'), '');
    original = await readFile(join(folder, BOT), 'utf8');
    const [port, sandboxPort] = [await findFreePort(), await findFreePort()];
    dev = spawn(process.execPath, ['scripts/dev.js'], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        // The compiler's: it ends before collecting garbage would be worth its while.
        GOGC: 'off',
        PORT: `${port}`,
        SANDBOX_PORT: `${sandboxPort}`,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [dev.stdout, dev.stderr])
      stream?.on('data', (chunk) => (printed += String(chunk)));
    url = `http://localhost:${port}`;
    await waitFor('Shopkeeper is ready');
    installer = createBrowser();
    await installer.open(await installer.allow(url, 'acme'));
    chat = await openMessenger(`http://localhost:${sandboxPort}`);
  }, 120_000);
  afterAll(async () => {
    dev.kill();
    await once(dev, 'exit');
    await rm(folder, { recursive: true, force: true });
  });

  const waitFor = (text: string) =>
    waitUntil(`the terminal says “${text}”:\n${printed}`, () => printed.includes(text), SLOW);
  const save = (code: string) => {
    printed = '';
    return writeFile(join(folder, BOT), code);
  };

  it('swaps a saved handler in, while the conversation goes on', async () => {
    expect(await chat.say('one')).toContain('You said: “one”');
    await save(original.replace('You said', 'I heard'));
    await waitFor('Your bot was swapped in. (bot/on-message.ts');
    expect(await chat.say('two')).toContain('I heard: “two”');
  });

  it.each([
    ['does not fit', 'export const wrong: number = "a text";'],
    ['cannot be read', 'export const wrong = ;'],
  ])('keeps the bot before a handler that %s, and says where the fault is', async (_, line) => {
    await save(original);
    await waitFor('Your bot was swapped in.');
    await save(`${original}${line}\n`);
    await waitFor('Your bot stays as it was.');
    // The compiler's words, or those of the loader, which may be faster.
    expect(printed).toMatch(/server\/bot\/on-message\.ts[(:]\d+[,:]\d+/);
    expect(await chat.say('three')).toContain('You said: “three”');
    expect(await chat.read()).toContain('Your bot stays as it was.');
    await save(original);
    await waitFor('Your bot was swapped in.');
    expect(await chat.read()).not.toContain('Your bot stays as it was.');
  });

  it('swaps the bot when a text is saved that it may read', async () => {
    printed = '';
    await writeFile(join(folder, 'server/bot/answers.md'), 'We are open.\n');
    await waitFor('Your bot was swapped in. (bot/answers.md');
  });

  it('says that what is changed in .env is for the next start', async () => {
    printed = '';
    await writeFile(join(folder, '.env'), 'LOG_LEVEL=debug\n');
    await waitFor('What .env says is read at a start');
  });

  it('outlives a promise that a handler does not wait for, and says so', async () => {
    const loose = `void Promise.reject(new Error('Nobody waits for this.'));`;
    await save(original.replace('=> {\n', `=> {\n  ${loose}\n`));
    await waitFor('Your bot was swapped in.');
    expect(await chat.say('loose')).toContain('You said: “loose”');
    await waitFor('an `await` may be missing');
    expect(printed).toContain('Nobody waits for this.');
    await save(original);
    await waitFor('Your bot was swapped in.');
  });

  it('starts the server again for any other file, and the sandbox stays with what was said', async () => {
    printed = '';
    await appendFile(join(folder, OTHER), '\n');
    await waitFor('The server was started again.');
    expect(await chat.say('four')).toContain('You said: “four”');
    expect(await chat.read()).toContain('one');
  });

  it('shows what the bot asks for as soon as it is saved, and refuses what no start would take', async () => {
    const file = join(folder, 'server/bot/settings.ts');
    const settings = await readFile(file, 'utf8');
    const ask = (more: string) => {
      printed = '';
      const field = `{ colour: { kind: 'text', label: 'Favourite colour'${more} } }`;
      return writeFile(file, settings.replace('{} satisfies', `${field} satisfies`));
    };
    await ask(`, default: 'blue'.repeat(51)`);
    await waitFor('Your bot stays as it was.');
    expect(printed).toContain('The setting “colour” of the bot has a default');
    await ask('');
    await waitFor('Your bot was swapped in. (bot/settings.ts');
    const page = await installer.open(`${url}/settings`);
    expect(page.text).toContain('Favourite colour');
  });

  it('waits for the next change when the server cannot start', async () => {
    const code = await readFile(join(folder, OTHER), 'utf8');
    printed = '';
    await writeFile(join(folder, OTHER), `${code}throw new Error('Not today.');\n`);
    await waitFor('The next change starts it again.');
    expect(printed).toContain('Not today.');
    await writeFile(join(folder, OTHER), code);
    await waitFor('The server was started again.');
    expect(await chat.say('five')).toContain('“five”');
  });
});

/** A customer's Messenger without scripts. */
async function openMessenger(sandboxUrl: string) {
  const path = '/accounts/acme/messenger';
  const browser = createBrowser(sandboxUrl);
  await browser.get(path);
  await browser.send(`${path}/conversations`);
  const read = async () => (await browser.get(path)).text;
  return {
    read,
    async say(text: string) {
      await browser.send(`${path}/messages`, { text });
      return waitUntil(`“${text}” is answered`, async () => {
        const page = await read();
        return page.includes(`“${text}”`) && page;
      });
    },
  };
}
