import { type Finding, ok, problem } from './finding.ts';

const CHECK = 'node';

/** `required` as in package.json, for example `>=20.19`. */
export function checkNodeVersion(running: string, required: string): Finding {
  const [major = 0, minor = 0] = parse(running);
  const [neededMajor = 0, neededMinor = 0] = parse(required.replace('>=', ''));
  const isEnough = major > neededMajor || (major === neededMajor && minor >= neededMinor);
  if (isEnough) return ok(CHECK, `Node ${running} is new enough.`);
  return problem(
    CHECK,
    `Node ${running} is older than ${required}.`,
    'Install the newest long-term version from https://nodejs.org.',
  );
}

function parse(version: string): number[] {
  return version.split('.').map(Number);
}
