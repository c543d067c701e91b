import { ASSIGNMENT } from '../../config/env-file.ts';
import { readEnvironment } from '../../config/environment.ts';
import { type Config, ConfigError, loadConfig } from '../../config/load-config.ts';
import { features } from '../../features.ts';
import { ngrok } from '../tunnel/variables.ts';
import { advice, type Finding, ok, problem, skipped } from './finding.ts';

/** Also what only `npm run tunnel` reads. */
const all = [...features, ngrok];
const CHECK = 'configuration';
const NODE = 'node';
const OUTGOING = 'outgoing proxy';
/** In each pair Node takes the first. */
const FOR_HTTPS = ['https_proxy', 'HTTPS_PROXY'];
const FOR_HTTP = ['http_proxy', 'HTTP_PROXY'];

/** Every problem at once; without a configuration nothing else can be looked at. */
export function checkConfiguration(
  environment: Record<string, string | undefined>,
  fileProblems?: readonly string[],
  cut: readonly string[] = [],
): { config: Config | undefined; findings: Finding[] } {
  const quoted = [...reportQuotes(environment), ...cut.map(reportCut)];
  try {
    const config = loadConfig(environment, fileProblems, all);
    const misspelt = config.misspelt.map((text) =>
      advice(CHECK, text, 'Correct its name; if another program reads it, leave it.'),
    );
    const fine = ok(CHECK, 'Every variable is there and well formed.');
    return { config, findings: [fine, ...misspelt, ...quoted] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const fix = 'Correct it in .env, or run `npm run setup`.';
    const findings = error.problems.map((text) => problem(CHECK, text, fix));
    return {
      config: undefined,
      findings: [
        ...findings,
        ...quoted,
        skipped('everything else', 'needs a complete configuration first.'),
      ],
    };
  }
}

/** A pair of quotes is taken off; one that is left was copied along, or its partner was lost. */
function reportQuotes(environment: Record<string, string | undefined>): Finding[] {
  const { given, names } = readEnvironment(environment, all);
  return names
    .filter((name) => /^['"`]|['"`]$/.test(given[name] ?? ''))
    .map((name) =>
      advice(
        CHECK,
        `${name} begins or ends with a quote, which is taken for a part of the value.`,
        'Write the value without quotes, or with one at each end.',
      ),
    );
}

/** Of an `.env`: dotenv ends a value without quotes where a # is, which may be meant as a part of it. */
export function findCut(text: string): string[] {
  const cut = new Set<string>();
  const assignments = text.replace(/\r\n?/g, '\n').matchAll(ASSIGNMENT);
  for (const [assignment, name = '', value = ''] of assignments) {
    // Of several the last one counts.
    cut.delete(name);
    if (/^\s*[^\s'"`].*(?<=\S)$/.test(value) && assignment.includes('#')) cut.add(name);
  }
  return [...cut];
}

function reportCut(name: string): Finding {
  const text = `The value of ${name} in .env ends at a #, from which on everything is a comment.`;
  return advice(CHECK, text, 'Write it in quotes if the # belongs to it, else a space in between.');
}

/** `required` as in package.json, for example `>=20.19`. */
export function checkNodeVersion(running: string, required: string): Finding {
  if (isFrom(running, required.replace('>=', '')))
    return ok(NODE, `Node ${running} is new enough.`);
  return problem(
    NODE,
    `Node ${running} is older than ${required}.`,
    'Install the newest long-term version from https://nodejs.org.',
  );
}

/**
 * Node's own requests (send-request.ts) go through a proxy of the environment from 22.21 and 24.5 on, `fetch`
 * from 24.0, and only when NODE_USE_ENV_PROXY said so before it started (Node, "Command-line API").
 */
export function checkOutgoingProxy(
  environment: Record<string, string | undefined>,
  node: { running: string; usesEnvProxy: boolean },
  /** Where the app and its sandbox ask each other, by http. */
  sandboxHost?: string,
): Finding[] {
  const findSet = (names: string[]) => names.find((name) => environment[name]);
  const variable = findSet(FOR_HTTPS) ?? findSet(FOR_HTTP);
  if (variable === undefined) return [];
  if (!isFrom(node.running, node.running.startsWith('22.') ? '22.21' : '24.5')) {
    const text = `Node ${node.running} does not use ${variable}: calls to Zendesk go out directly.`;
    return [advice(OUTGOING, text, 'Run Node 22.21, 24.5 or newer, with NODE_USE_ENV_PROXY=1.')];
  }
  if (!node.usesEnvProxy) {
    const text = `${variable} is set, but not used: calls to Zendesk go out directly.`;
    const fix =
      'Set NODE_USE_ENV_PROXY=1 where Node is started (unit, container, shell); .env is too late for it.';
    return [advice(OUTGOING, text, fix)];
  }
  const forHttp = findSet(FOR_HTTP);
  if (forHttp !== undefined && sandboxHost !== undefined && !isExempt(sandboxHost, environment)) {
    const text = `The app and its sandbox ask ${forHttp} for each other, which leads to neither.`;
    return [problem(OUTGOING, text, `Set NO_PROXY=${sandboxHost} beside it.`)];
  }
  if (FOR_HTTP.includes(variable)) {
    const text = `${variable} is set, and HTTPS_PROXY is not: calls to Zendesk are https and go out directly.`;
    return [advice(OUTGOING, text, 'Set HTTPS_PROXY to the same address.')];
  }
  return [ok(OUTGOING, `Calls go out through ${variable}.`)];
}

/** Whether NO_PROXY names a host, or every one. */
function isExempt(host: string, environment: Record<string, string | undefined>): boolean {
  const list = environment['no_proxy'] || environment['NO_PROXY'] || '';
  return list.split(/[\s,]+/).some((entry) => entry === '*' || entry === host);
}

/** Whether a version of Node is this one or a newer one. */
function isFrom(version: string, wanted: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
