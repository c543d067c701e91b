import { createDeliveries } from '../deliveries/create-deliveries.ts';
import type { Faults } from '../faults/create-faults.ts';
import { createAuthorizationCodes } from '../oauth/create-authorization-codes.ts';
import type { Consents } from '../oauth/create-consents.ts';
import type { Changes } from '../state/changes.ts';
import type { Guide } from '../stage.ts';
import type { State } from '../state/state.ts';
import type { WorldLimits } from '../world-limits.ts';
import { createTyping } from './create-typing.ts';

interface PlatformOptions {
  state: State;
  changes: Changes;
  faults: Faults;
  log: (line: string) => void;
  timeScale: number;
  limits: WorldLimits;
  mayCall: (url: string) => boolean;
  worldSuffix: string;
  /** What was allowed without a page, in all worlds. */
  consents: Consents;
  /** Where the sandbox is. */
  url: string;
}

export type Platform = ReturnType<typeof createPlatform>;

/** What Zendesk works with, without HTTP: every face and the tests' control work through it. */
export function createPlatform(options: PlatformOptions) {
  const { state, changes, faults, log, timeScale, limits, mayCall, worldSuffix, url } = options;
  const { consents } = options;
  const deliveries = createDeliveries({ state, faults, log, timeScale, limits, mayCall });
  let developerNotice: string | undefined;
  let guide = (): Guide | undefined => undefined;
  return {
    /** Shown in every chat: that the bot could not be loaded, for one. Forgotten with the process. */
    developerNotice: () => developerNotice,
    showDeveloper(notice: string | undefined): void {
      if (notice === developerNotice) return;
      developerNotice = notice;
      changes.announce({ isForDeveloper: true });
    },
    /** What the program that runs the stand-in wants visitors to do next. Forgotten with the process. */
    guide: () => guide(),
    showGuide: (given: () => Guide | undefined): void => void (guide = given),
    state,
    changes,
    faults,
    mayCall,
    limits,
    url,
    worldSuffix,
    consents,
    deliveries,
    typing: createTyping({ changes }),
    codes: createAuthorizationCodes<{ clientId: string; account: string }>({ worldSuffix }),
  };
}
