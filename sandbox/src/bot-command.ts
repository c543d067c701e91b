import { parseArgs } from 'node:util';
import { z } from 'zod';
import { toEnvText } from './faces/bots/bots.ts';
import { isWebAddress } from './state/values.ts';

export const USAGE = `npm run sandbox                          starts it
npm run sandbox -- register              makes a bot known to the one that runs, and prints what to set
    --name "My bot" --redirect-uri http://localhost:3000/oauth (also several times)
    [--remove-url …] [--configuration-url …] [--install-url …] [--icon-url …]
    [--client-id …] [--client-secret …] [--replace]
    [--format text|env|json]
npm run sandbox -- list
npm run sandbox -- unregister CLIENT_ID
    [--url http://localhost:3100] says where it runs, for each of these`;

/** A flag is the field of its name: --remove-url is removeUrl. */
const FIELDS = [
  'name',
  'remove-url',
  'configuration-url',
  'install-url',
  'icon-url',
  'client-id',
  'client-secret',
] as const;

const options = {
  ...Object.fromEntries(FIELDS.map((name) => [name, { type: 'string' as const }])),
  'redirect-uri': { type: 'string', multiple: true },
  replace: { type: 'boolean' },
  format: { type: 'string' },
  url: { type: 'string' },
} as const;

const bot = z.object({ name: z.string(), clientId: z.string(), clientSecret: z.string() });
const Registered = z.object({
  bot,
  addresses: z.record(z.string(), z.string()),
  environment: z.record(z.string(), z.string()),
});
const Listed = z.object({
  bots: z.array(
    z.object({
      name: z.string(),
      clientId: z.string(),
      redirectUris: z.array(z.string()),
      installations: z.number(),
    }),
  ),
});
const Nothing = z.undefined();
const Refusal = z.object({
  problems: z.array(z.object({ field: z.string(), problem: z.string() })),
});

/** What stops a command: the sentences for the terminal. */
export class CommandError extends Error {}

/**
 * Carries out `register`, `list` or `unregister` at the sandbox that runs, and returns what to print.
 * @throws CommandError, with every problem at once.
 */
export async function runBotCommand(given: string[], defaultUrl: string): Promise<string> {
  const { command, argument, values } = readArguments(given);
  const url = (values.url ?? defaultUrl).replace(/\/$/, '');
  if (!isWebAddress(url))
    throw new CommandError(`--url has to be a whole http or https address: ${url}`);
  switch (command) {
    case 'register': {
      const format = values.format ?? 'text';
      if (!FORMATS.includes(format))
        throw new CommandError(`--format has to be one of ${FORMATS.join(', ')}`);
      const fields = FIELDS.flatMap((name) =>
        name in values ? [[toField(name), values[name]]] : [],
      );
      const redirectUris = values['redirect-uri'] ?? [];
      const body = { ...Object.fromEntries(fields), redirectUris };
      const path = values.replace === true ? '/bots?replace' : '/bots';
      const registered = await ask(Registered, url, 'POST', path, body);
      return print(registered, format);
    }
    case 'list': {
      const { bots } = await ask(Listed, url, 'GET', '/bots');
      const rows = bots.map(
        ({ clientId, name, redirectUris, installations }) =>
          `${clientId}\t${name}\t${redirectUris.join(' ')}\tinstalled in ${installations}`,
      );
      return rows.length === 0 ? 'No bot is registered.' : rows.join('\n');
    }
    case 'unregister':
      if (argument === undefined) throw new CommandError('unregister wants a client id');
      await ask(Nothing, url, 'DELETE', `/bots/${encodeURIComponent(argument)}`);
      return `${argument} is not registered any more.`;
    case '':
      throw new CommandError(`Say what to do: register, list or unregister.\n\n${USAGE}`);
    default:
      throw new CommandError(`There is no command ${command}.\n\n${USAGE}`);
  }
}

function readArguments(given: string[]) {
  try {
    const { values, positionals } = parseArgs({ args: given, options, allowPositionals: true });
    const [command = '', ...rest] = positionals;
    const argument = command === 'unregister' ? rest.shift() : undefined;
    if (rest.length > 0) {
      const problem = `Nothing asked for these words: ${rest.join(' ')}`;
      throw new Error(`${problem}\nWhat has a space in it stands between quotes: --name "My bot"`);
    }
    return { command, argument, values: values as typeof values & Record<string, unknown> };
  } catch (error) {
    throw new CommandError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

const toField = (flag: string) =>
  flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
const toFlag = (field: string) =>
  field === 'redirectUris'
    ? '--redirect-uri'
    : `--${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** What the sandbox answers. @throws CommandError, also where something else answers. */
async function ask<Expected extends z.ZodType>(
  expected: Expected,
  url: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<z.output<Expected>> {
  const answer = await fetch(url + path, {
    method,
    headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch(() => undefined);
  if (answer === undefined)
    throw new CommandError(
      `No sandbox answers at ${url}: start it with npm run sandbox, or say --url`,
    );
  const said = readJson(await answer.text());
  const result = expected.safeParse(said);
  if (answer.ok && result.success) return result.data;
  const refusal = Refusal.safeParse(said);
  if (!refusal.success)
    throw new CommandError(
      `What answers at ${url} is no sandbox, or an older one: ${answer.status}`,
    );
  const lines = refusal.data.problems.map(({ field, problem }) => `${toFlag(field)} ${problem}`);
  const isTaken = answer.status === 409;
  throw new CommandError(
    [...lines, ...(isTaken ? ['--replace puts this one in its place'] : [])].join('\n'),
  );
}

/** Undefined: nothing was said. What is no JSON comes back as it is. */
function readJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const FORMATS = ['text', 'env', 'json'];

function print(registered: z.infer<typeof Registered>, format: string): string {
  const {
    bot: { name, clientId, clientSecret },
    addresses,
    environment,
  } = registered;
  if (format === 'json') return JSON.stringify(registered, null, 2);
  if (format === 'env') return toEnvText(environment).trimEnd();
  const facts = { 'client id': clientId, 'client secret': clientSecret, ...addresses };
  const rows = Object.entries(facts).map(([label, value]) => `  ${label.padEnd(15)}${value}`);
  return [
    `${name} is registered. The secret is shown this once.`,
    '',
    ...rows,
    '',
    'As variables of a bot that reads them from its .env:',
    '',
    toEnvText(environment).trimEnd(),
  ].join('\n');
}
