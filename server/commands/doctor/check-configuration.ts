import { ConfigError, loadConfig, type Config } from '../../config/load-config.ts';
import { type Finding, ok, problem, skipped } from './finding.ts';

const CHECK = 'configuration';

/** Every problem at once; without a configuration nothing else can be looked at. */
export function checkConfiguration(environment: Record<string, string | undefined>): {
  config: Config | undefined;
  findings: Finding[];
} {
  try {
    const config = loadConfig(environment);
    return { config, findings: [ok(CHECK, 'Every variable is there and well formed.')] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const fix = 'Correct it in .env, or run `npm run setup`.';
    const findings = error.problems.map((text) => problem(CHECK, text, fix));
    return {
      config: undefined,
      findings: [...findings, skipped('everything else', 'needs a complete configuration first.')],
    };
  }
}
