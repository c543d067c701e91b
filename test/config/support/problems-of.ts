import { ConfigError, loadConfig } from '../../../server/config/load-config.ts';

/** What `loadConfig` complains about, one line each; empty when it does not. */
export function problemsOf(environment: Record<string, string>): string[] {
  try {
    loadConfig(environment);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split('\n').slice(1);
  }
}
