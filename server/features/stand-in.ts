import type { PublicDemo, Sandbox } from '@shopkeeper/zendesk-sandbox';
import type { Config } from '../config/load-config.ts';
import type { Run } from '../start/run.ts';

export interface StandInMaker {
  /**
   * @param timeScale multiplies the waits between Zendesk's attempts to deliver.
   * @throws OperatorError when its port is taken.
   */
  start: (
    config: SandboxConfig,
    log: (line: string) => void,
    timeScale?: number,
  ) => Promise<StandIn>;
  /** Makes this app known to it. Returns what the configuration is there. */
  register: (
    standIn: StandIn,
    config: SandboxConfig,
  ) => Pick<Config, 'oauthClient' | 'marketplace' | 'zendesk'>;
}

/**
 * Has another app take the place of the one that runs, with the same port and database, once that was ended
 * in a way of one's own.
 */
export type ReplaceRun = (end: (run: Run) => Promise<void>) => Promise<void>;

/** A configuration in sandbox mode. */
export type SandboxConfig = Config & { sandbox: NonNullable<Config['sandbox']> };

/** The sandbox on this machine, or one for each visitor of a public demo. */
export type StandIn = Sandbox | (PublicDemo & { showDeveloper?: undefined });
