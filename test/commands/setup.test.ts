import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SetupCancelledError } from '../../server/commands/setup/prompt.ts';
import { readEnvText } from '../../server/commands/setup/env-file.ts';
import { runSetup } from '../../server/commands/setup/run-setup.ts';
import { loadConfig } from '../../server/config/load-config.ts';
import { OperatorError } from '../../server/errors.ts';
import { findProjectRoot } from '../../server/config/env-file.ts';
import { sitDown } from '../support/process/sit-down.ts';
import { waitUntil } from '../support/wait-until.ts';

const SHOPLIFTER = `# My bot
PORT=8999
OAUTH_CLIENT_ID=shoplifter
OAUTH_CLIENT_SECRET=the-old-secret
ZENDESK_MARKETPLACE_NAME="Shop lifter"
ZENDESK_MARKETPLACE_ORG_ID=123
ZENDESK_MARKETPLACE_APP_ID=456
ZENDESK_DOMAIN=zendesk.com
`;

let folder = '';
let envFile = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shopkeeper-setup-'));
  envFile = join(folder, '.env');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const templateFile = join(findProjectRoot(), '.env.example');
const readEnv = async () => readEnvText(await readFile(envFile, 'utf8'));
const modeOf = async () => (await stat(envFile)).mode & 0o777;

describe('setup without anybody to ask', () => {
  const run = () => runSetup({ envFile, templateFile, ask: undefined });

  it('makes an .env of the template that starts, with secrets of its own', async () => {
    const outcome = await run();
    const template = (await readFile(templateFile, 'utf8')).split('\n');
    const made = (await readFile(envFile, 'utf8')).split('\n');
    expect(made).toHaveLength(template.length);
    const changed = made.filter((line, index) => line !== template[index]).join();
    expect(changed).toMatch(/^SESSION_SECRETS=\w+,ENCRYPTION_KEYS=[^,]+$/);
    expect(loadConfig(await readEnv()).encryptionKeys?.[0]?.id).toBe('k1');
    expect(outcome).toContain('http://localhost:3000/oauth');
    expect(outcome).toContain('sandbox');
    expect(await modeOf()).toBe(0o600);
  });

  it('makes other secrets for everybody, and shows none', async () => {
    const outcome = await run();
    const first = await readEnv();
    await rm(envFile);
    await run();
    const second = await readEnv();
    for (const name of ['SESSION_SECRETS', 'ENCRYPTION_KEYS']) {
      expect(second[name]).not.toBe(first[name]);
      expect(outcome).not.toContain(first[name]);
    }
  });

  it('changes nothing when it runs again', async () => {
    await run();
    const before = await readFile(envFile, 'utf8');
    expect(await run()).toContain('nothing was missing');
    expect(await readFile(envFile, 'utf8')).toBe(before);
  });

  it('takes the .env of the original Shoplifter and keeps each of its lines', async () => {
    await writeFile(envFile, SHOPLIFTER);
    const outcome = await run();
    const text = await readFile(envFile, 'utf8');
    expect(text.startsWith(SHOPLIFTER)).toBe(true);
    expect(outcome).toContain('http://localhost:8999/oauth');
    expect(loadConfig(await readEnv()).marketplace.botId).toBe('456');
  });

  it('keeps the file to its owner, also when others could read it', async () => {
    await writeFile(envFile, SHOPLIFTER);
    await chmod(envFile, 0o644);
    await run();
    expect(await modeOf()).toBe(0o600);
    expect(await readdir(folder)).toEqual(['.env']);
  });

  it('trusts one proxy when the public address is https', async () => {
    await writeFile(envFile, 'PUBLIC_URL=https://bot.example.com/\n');
    const outcome = await run();
    expect(await readEnv()).toMatchObject({ TRUST_PROXY: '1' });
    expect(outcome).toContain('  Redirect URL       https://bot.example.com/oauth\n');
  });

  it('makes no secret that has a file of its own', async () => {
    const text = 'SESSION_SECRETS_FILE=/run/secrets/a\nENCRYPTION_KEYS_FILE=/run/secrets/b\n';
    await writeFile(envFile, text);
    // Whether the files exist is for whoever reads them.
    await run();
    expect(await readFile(envFile, 'utf8')).toBe(text);
  });

  it('names what is wrong with a value that is there, and leaves it', async () => {
    await writeFile(envFile, 'PORT=http\nOAUTH_CLIENT_ID=x\n');
    const outcome = await run();
    expect(outcome).toContain('PORT: must be a port number');
    expect(outcome).toContain('OAUTH_CLIENT_SECRET is missing');
    expect(await readEnv()).toMatchObject({ PORT: 'http' });
  });

  it('leaves a file in UTF-16 alone, which it would break', async () => {
    const bytes = Buffer.from('\ufeffPORT=8999\r\n', 'utf16le');
    await writeFile(envFile, bytes);
    await expect(run()).rejects.toThrow(`${envFile} is UTF-16`);
    expect(await readFile(envFile)).toEqual(bytes);
  });

  it('leaves the old file alone when the new one cannot be written', async () => {
    await writeFile(envFile, SHOPLIFTER);
    await mkdir(`${envFile}.${process.pid}.tmp`);
    await expect(run()).rejects.toThrow(OperatorError);
    await expect(run()).rejects.toThrow(`${envFile} cannot be written, and is as it was: EEXIST`);
    expect(await readFile(envFile, 'utf8')).toBe(SHOPLIFTER);
  });
});

describe('setup at a terminal', () => {
  it('asks for what is missing, refuses what cannot be, and hides secrets', async () => {
    const person = sitDown();
    const running = runSetup({ envFile, templateFile, ask: person.ask });
    await person.answer('OAuth client id:', 'acme-bot');
    await person.answer('OAuth client secret:', 'the-client-secret');
    await person.answer('Name of the bot', 'Café');
    await person.answer('printable ASCII', 'Acme bot');
    await person.answer('Organization id', '');
    await person.answer('Bot id', '');
    await person.answer('Public address', 'bot.example.com');
    await person.answer('must be an http(s) address', 'https://bot.example.com');
    await person.answer('Proxies in front', '');
    const outcome = await running;
    person.close();
    expect(await readEnv()).toMatchObject({
      OAUTH_CLIENT_ID: 'acme-bot',
      OAUTH_CLIENT_SECRET: 'the-client-secret',
      ZENDESK_MARKETPLACE_NAME: 'Acme bot',
      PUBLIC_URL: 'https://bot.example.com',
      TRUST_PROXY: '1',
    });
    expect(person.shown()).toContain('acme-bot');
    expect(person.shown() + outcome).not.toContain('the-client-secret');
    expect(outcome).toContain('https://bot.example.com/remove');
  });

  it('does not bring a hidden answer back with the arrow keys', async () => {
    const person = sitDown();
    const hidden = person.ask('Secret: ', { hidden: true });
    await person.answer('Secret:', 'the-client-secret');
    await hidden;
    const next = person.ask('Name: ', { hidden: false });
    await person.answer('Name:', '\u001b[A');
    expect(await next).toBe('');
    person.close();
    expect(person.shown()).not.toContain('the-client-secret');
  });

  it('asks nothing that has a value already', async () => {
    await writeFile(envFile, SHOPLIFTER);
    const asked: string[] = [];
    const ask = async (text: string) => {
      asked.push(text);
      return '';
    };
    await runSetup({ envFile, templateFile, ask });
    expect(asked.map((text) => text.trim().split('\n').at(-1))).toEqual([
      'Public address:',
      'ngrok authtoken:',
    ]);
  });

  it.each([
    ['Ctrl-C', '\u0003'],
    ['the end of the input', '\u0004'],
  ])('leaves the old file as it was on %s', async (_name, key) => {
    await writeFile(envFile, SHOPLIFTER);
    const person = sitDown();
    const running = runSetup({ envFile, templateFile, ask: person.ask });
    const refused = expect(running).rejects.toThrow(SetupCancelledError);
    await person.answer('Public address', 'https://bot.example.com');
    await waitUntil('the next question', () => person.shown().includes('Proxies'));
    person.press(key);
    await refused;
    expect(await readFile(envFile, 'utf8')).toBe(SHOPLIFTER);
    expect(await readdir(folder)).toEqual(['.env']);
  });
});
