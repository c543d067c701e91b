import type { Feature } from '../../../server/features/feature.ts';
import { ConfigError, loadConfig } from '../../../server/config/load-config.ts';

/** What `loadConfig` complains about, one line each; empty when it does not. */
export function problemsOf(
  environment: Record<string, string>,
  features: readonly Feature[] = [],
): string[] {
  try {
    loadConfig(environment, [], features);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split('\n').slice(1);
  }
}
