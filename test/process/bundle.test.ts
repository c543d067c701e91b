import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { findProjectRoot } from '../../server/config/env-file.ts';
import { compiledProgram, copyCompiled } from '../support/process/compiled-copy.ts';

it.each([
  ['the app', 'dist/server', 'createShopkeeper('],
  ['the sandbox', 'sandbox/dist', 'startSandbox('],
])('what a start of %s reads holds nothing that nobody uses, and no tables', (_, path, words) => {
  const folder = join(findProjectRoot(), path);
  const chunks = readdirSync(join(folder, 'chunks')).map((name) => join('chunks', name));
  const text = ['main.js', ...chunks]
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  // The texts are long: an expectation that fails need not show all of them.
  const has = (part: string) => text.includes(part);
  expect(has('node_modules/express/lib/express.js')).toBe(true);
  expect(has('ZodError')).toBe(true);
  // What zod says in Japanese to a wrong type, and a kind of file of a table that has all of them.
  expect(has(String.raw`\u5165\u529B`)).toBe(false);
  expect(has('application/vnd.lotus-notes')).toBe(false);
  // A stack trace names functions, and lines that can be shown.
  expect(has(words)).toBe(true);
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(4_000);
});

it('a process that tests start has their bot, and not the one that partners edit', () => {
  const file = join(dirname(compiledProgram('main.js')), 'bot/bot.js');
  expect(readFileSync(file, 'utf8')).toContain('You said');
});

it('a Node that is too old for what another one has built is told in a sentence', () => {
  const folder = copyCompiled();
  try {
    const program = join(folder, 'dist/server/commands/doctor.js');
    const text = readFileSync(program, 'utf8');
    expect(text).toContain("'20.19'");
    // This one, for a program that needs a newer one.
    writeFileSync(program, text.replace("'20.19'", "'99.1'"));
    const { status, stderr } = spawnSync(process.execPath, [program]);
    expect(status).toBe(1);
    expect(String(stderr)).toMatch(/^Node [\d.]+ is too old: install 99\.1 or newer .*\n$/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('what Node compiles of the program is kept for the next start, where Node can keep it', () => {
  const folder = copyCompiled();
  try {
    const compiled = join(folder, 'dist/server/chunks/compiled');
    rmSync(compiled, { recursive: true, force: true });
    const env = { ...process.env, PORT: 'none' };
    const { stderr } = spawnSync(process.execPath, [join(folder, 'dist/server/main.js')], { env });
    expect(String(stderr)).toContain('PORT: must be a port number');
    expect(existsSync(compiled)).toBe('enableCompileCache' in module);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
