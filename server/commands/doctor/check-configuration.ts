import { readEnvironment } from '../../config/environment.ts';
import { ConfigError, loadConfig, type Config } from '../../config/load-config.ts';
import { features } from '../../features.ts';
import { advice, type Finding, ok, problem, skipped } from './finding.ts';

const CHECK = 'configuration';

/** Every problem at once; without a configuration nothing else can be looked at. */
export function checkConfiguration(
  environment: Record<string, string | undefined>,
  fileProblems?: readonly string[],
): { config: Config | undefined; findings: Finding[] } {
  const quoted = reportQuotes(environment);
  try {
    const config = loadConfig(environment, fileProblems, features);
    return { config, findings: [ok(CHECK, 'Every variable is there and well formed.'), ...quoted] };
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
  const { given, names } = readEnvironment(environment, features);
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
