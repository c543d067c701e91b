import type { PublicDemo, Sandbox } from '@shopkeeper/zendesk-sandbox';
import type { Config } from '../config/load-config.ts';

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

/** A configuration in sandbox mode. */
export type SandboxConfig = Config & { sandbox: NonNullable<Config['sandbox']> };

/** The sandbox on this machine, or one for each visitor of a public demo. */
export type StandIn = Sandbox | (PublicDemo & { showDeveloper?: undefined });
