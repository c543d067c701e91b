import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { messageOf } from '../errors.ts';
import type { Feature } from '../features/feature.ts';
import { findProjectRoot } from './env-file.ts';
import { findMisspelt } from './misspelt.ts';
import {
  encryptionKeys,
  flag,
  headerValue,
  host,
  origin,
  port,
  secretList,
  trustProxy,
  urlTemplate,
} from './values.ts';

type Given = Record<string, string | undefined>;

/** zod makes code of a schema before it reads with it, which pays when it reads often. */
const ONCE = { jitless: true };

/** The core's variables as people write them; each message says what to do. Their list is `.env.example`. */
export const Variables = z.object({
  NODE_ENV: z
    .string()
    // Taken for development, it would start the sandbox for everybody to see.
    .refine(
      (value) => value === 'production' || !/^prod/i.test(value),
      'must be exactly production, or left out',
    )
    .optional(),
  PORT: port
    .refine((value) => value !== 0, 'must not be 0, which is another port at each start')
    .default(3000),
  HOST: host.optional(),
  PUBLIC_URL: origin.optional(),
  OAUTH_CLIENT_ID: z.string().min(1).optional(),
  OAUTH_CLIENT_SECRET: z.string().min(1).optional(),
  ZENDESK_MARKETPLACE_NAME: headerValue.optional(),
  ZENDESK_MARKETPLACE_ORG_ID: headerValue.optional(),
  ZENDESK_MARKETPLACE_BOT_ID: headerValue.optional(),
  ZENDESK_MARKETPLACE_APP_ID: headerValue.optional(),
  ZENDESK_DOMAIN: z
    .string()
    .regex(/^[a-z\d-]+(\.[a-z\d-]+)*(:\d+)?$/i, 'must be a bare domain such as zendesk.com')
    .default('zendesk.com'),
  ZENDESK_OAUTH_URL: urlTemplate.optional(),
  ZENDESK_API_URL: urlTemplate.optional(),
  ZENDESK_LEGACY_API_URL: urlTemplate.default('https://api.smooch.io'),
  DATABASE_URL: z.string().optional(),
  DATABASE_DIRECT_URL: z.string().optional(),
  DATA_DIR: z
    .string()
    // Where the next deployment would replace it.
    .refine(
      (value) => !/^~(?:\/|$)|\$\{?\w/.test(value),
      'would be a folder of that name within this project, for no shell replaces ~ or a variable in it: write the whole path',
    )
    .default('./data'),
  SESSION_SECRETS: secretList.optional(),
  ENCRYPTION_KEYS: encryptionKeys.optional(),
  TRUST_PROXY: trustProxy.default(false),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'must be one of fatal, error, warn, info, debug, trace, silent',
    })
    .default('info'),
  SANDBOX: flag.optional(),
  ANSWER_WITHOUT_SWITCHBOARD: flag.default(false),
  KEEP_IGNORED_EVENTS: flag.default(false),
});

/**
 * Each may be given as `{NAME}_FILE`, the path of a file with the value, as container platforms do. Features
 * have more.
 */
const SECRETS = [
  'OAUTH_CLIENT_SECRET',
  'SESSION_SECRETS',
  'ENCRYPTION_KEYS',
  'DATABASE_URL',
  'DATABASE_DIRECT_URL',
];

/**
 * Reads what is given, secret files included, and parses it. A variable with a problem counts as absent in
 * `env`, so that everything else can still be looked at.
 */
export function readEnvironment(
  environment: Given,
  features: readonly Pick<Feature, 'environment'>[],
) {
  const parts = features.flatMap((feature) => feature.environment ?? []);
  const ofFeatures = z.object(
    Object.fromEntries(parts.flatMap(({ variables }) => Object.entries(variables))),
  );
  const secrets = [...SECRETS, ...parts.flatMap((part) => part.secrets ?? [])];
  const { given, problems } = readSecretFiles(tidyValues(environment), secrets);
  const issues = [Variables, ofFeatures].flatMap(
    (schema) => schema.safeParse(given, ONCE).error?.issues ?? [],
  );
  problems.push(...issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
  const faulty = new Set(issues.map(({ path }) => path[0]));
  const env = Variables.parse(
    pick(given, (name) => !faulty.has(name)),
    ONCE,
  );
  const names = [...Object.keys(Variables.shape), ...Object.keys(ofFeatures.shape)];
  return {
    given,
    env,
    production: env.NODE_ENV === 'production',
    /** Of the features, as they were given; each reads its own. */
    variables: pick(given, (name) => name in ofFeatures.shape),
    names,
    misspelt: findMisspelt(given, [...names, ...secrets.map(fileVariable)]),
    problems,
  };
}

const fileVariable = (name: string): string => `${name}_FILE`;

/**
 * Puts the content of the secret files among the values; the problems never hold a secret. Their paths are seen
 * from the project's folder, as DATA_DIR is, wherever the process was started.
 */
function readSecretFiles(tidied: Record<string, string>, secrets: readonly string[]) {
  const given: Given = { ...tidied };
  const problems: string[] = [];
  for (const name of secrets) {
    const variable = fileVariable(name);
    const path = given[variable];
    if (path === undefined) continue;
    if (given[name] !== undefined) {
      problems.push(`${variable}: ${name} is set as well; leave one of the two out`);
      continue;
    }
    try {
      const value = tidyValue(readFileSync(resolve(findProjectRoot(), path), 'utf8'));
      if (value === '') problems.push(`${variable}: ${path} is empty`);
      else given[name] = value;
    } catch (error) {
      problems.push(`${variable} cannot be read: ${messageOf(error)}`);
    }
  }
  return { given, problems };
}

/** What is empty counts as absent, because that is how an untouched line of `.env` looks. */
function tidyValues(environment: Given): Record<string, string> {
  const tidied = Object.entries(environment).map(([name, value = '']) => [name, tidyValue(value)]);
  return Object.fromEntries(tidied.filter(([, value]) => value !== ''));
}

/**
 * The value as it was meant: without space around it (the CR of a Windows file, a byte order mark), and
 * without one pair of quotes, which `docker run --env-file` and secret files leave in place.
 */
export function tidyValue(value: string): string {
  const trimmed = value.trim();
  return (/^(['"`])([\s\S]*)\1$/.exec(trimmed)?.[2] ?? trimmed).trim();
}

function pick(values: Given, isWanted: (name: string) => boolean): Given {
  return Object.fromEntries(Object.entries(values).filter(([name]) => isWanted(name)));
}
