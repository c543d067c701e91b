import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'dotenv';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '../../server/config/load-config.ts';
import { loadEnvFile, parseEnvText } from '../../server/config/env-file.ts';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shopkeeper-env-'));
  file = join(folder, '.env');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the .env', () => {
  it('adds to the environment, and what is set there wins', () => {
    writeFileSync(file, 'PORT=1\nLOG_LEVEL=debug\nSANDBOX=1\n');
    const environment: Record<string, string | undefined> = { PORT: '2', SANDBOX: '' };
    expect(loadEnvFile(environment, file)).toEqual([]);
    expect(environment).toEqual({ PORT: '2', LOG_LEVEL: 'debug', SANDBOX: '' });
  });

  it('need not be there', () => {
    const environment = {};
    expect(loadEnvFile(environment, file)).toEqual([]);
    expect(environment).toEqual({});
  });

  it('is reported with the number of an odd line, and never with what stands there', () => {
    writeFileSync(file, 'OAUTH_CLIENT_ID=id\na-secret-on-its-own\nPORT=http\n');
    const environment: Record<string, string | undefined> = {};
    const fileProblems = loadEnvFile(environment, file);
    expect(fileProblems.join()).not.toContain('a-secret');
    const start = () => loadConfig(environment, fileProblems);
    expect(start).toThrow(ConfigError);
    expect(start).toThrow(`${file}, line 2 is no variable: write NAME=value`);
    expect(start).toThrow('PORT: must be a port number');
    expect(start).toThrow('OAUTH_CLIENT_SECRET is missing');
  });

  it('may not be a folder, which a container makes of a file that is missing', () => {
    mkdirSync(file);
    expect(loadEnvFile({}, file)).toEqual([
      expect.stringContaining(`${file} cannot be read (EISDIR)`),
    ]);
  });

  it('may not be UTF-16, which PowerShell writes, and says so once', () => {
    writeFileSync(file, '\ufeffPORT=3000\r\nLOG_LEVEL=debug\r\n', 'utf16le');
    const environment = {};
    expect(loadEnvFile(environment, file)).toEqual([
      `${file} is UTF-16, as PowerShell writes it: save it as UTF-8`,
    ]);
    expect(environment).toEqual({});
  });
});

describe('the text of an .env', () => {
  it.each([
    ['a byte order mark', '\ufeffPORT=1\nB=2\n', { PORT: '1', B: '2' }],
    ['line ends of Windows', 'PORT=1\r\nB=2\r\n', { PORT: '1', B: '2' }],
    ['line ends of old Macs', 'PORT=1\rB=2\r', { PORT: '1', B: '2' }],
    ['export', 'export PORT=1\n', { PORT: '1' }],
    ['a colon', 'PORT: 1\nB: "2 3"\n', { PORT: '1', B: '2 3' }],
    ['spaces around everything', '  PORT = 1  \n', { PORT: '1' }],
    ['quotes of three kinds', `A='1'\nB="2"\nC=\`3\`\n`, { A: '1', B: '2', C: '3' }],
    ['comments', '# one\nA=1 # two\nB="#3" # four\n', { A: '1', B: '#3' }],
    ['several lines in quotes', 'A="one\ntwo=2"\nB=3', { A: 'one\ntwo=2', B: '3' }],
    ['an escaped line break', 'A="one\\ntwo"\nB=\'one\\ntwo\'', { A: 'one\ntwo', B: 'one\\ntwo' }],
    ['an empty value', 'A=\nB=1\n', { A: '', B: '1' }],
    ['a name twice', 'A=1\nA=2\n', { A: '2' }],
    ['half a pair of quotes', 'A="1\nB=2\n', { A: '"1', B: '2' }],
  ])('may have %s', (_name, text, values) => {
    expect(parseEnvText(text)).toEqual({ values, oddLines: [] });
    expect(parse(text)).toEqual(values);
  });

  it.each([
    ['a line without “=”', 'A=1\nOAUTH_CLIENT_ID\nB=2\n', [2]],
    ['a colon without a space', '\nA:1\n', [2]],
    ['a heading', '[shopkeeper]\r\nA=1\r\n', [1]],
    ['a line behind quotes that span lines', 'A="1\n2\n3"\nwhat\n', [4]],
    ['several, the last one without an end', 'one\n# comment\nA=1\n\ntwo\nthree', [1, 5, 6]],
  ])('with %s is told the numbers of odd lines', (_name, text, oddLines) => {
    expect(parseEnvText(text).oddLines).toEqual(oddLines);
  });

  it('is read as dotenv reads it, whatever it is', () => {
    const piece = fc.constantFrom(
      'A',
      'B.c',
      'export ',
      '=',
      ': ',
      ' ',
      '"',
      "'",
      '`',
      '#',
      '\n',
      '\r\n',
      '\\n',
      'x',
      '\ufeff',
    );
    const text = fc.array(piece, { maxLength: 24 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, (written) => {
        expect(parseEnvText(written).values).toEqual(parse(written));
      }),
      { numRuns: 2_000 },
    );
  });
});
