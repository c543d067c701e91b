import { createDeliveries } from '../deliveries/create-deliveries.ts';
import type { Faults } from '../faults/create-faults.ts';
import { createAuthorizationCodes } from '../oauth/create-authorization-codes.ts';
import type { Changes } from '../state/changes.ts';
import type { State } from '../state/state.ts';
import type { WorldLimits } from '../world-limits.ts';
import { createAgent } from './create-agent.ts';
import { createConversations } from './create-conversations.ts';
import { createEvents } from './create-events.ts';
import { createInstallations } from './create-installations.ts';
import { createMessages } from './create-messages.ts';
import { createSwitchboard } from './create-switchboard.ts';
import { createTyping } from './create-typing.ts';
import { createUpkeep } from './create-upkeep.ts';
import { createUsers } from './create-users.ts';
import { createWebhooks } from './create-webhooks.ts';

interface PlatformOptions {
  state: State;
  changes: Changes;
  faults: Faults;
  log: (line: string) => void;
  timeScale: number;
  limits: WorldLimits;
  mayCall: (url: string) => boolean;
  worldSuffix: string;
  /** Where the sandbox is. */
  url: string;
}

export type Platform = ReturnType<typeof createPlatform>;

/** What Zendesk does, without HTTP: every face and the tests' control work through it. */
export function createPlatform(options: PlatformOptions) {
  const { state, changes, faults, log, timeScale, limits, mayCall, worldSuffix, url } = options;
  const deliveries = createDeliveries({ state, faults, log, timeScale, limits, mayCall });
  const events = createEvents({ state, deliveries });
  const switchboard = createSwitchboard({ state, changes, events });
  const typing = createTyping({ changes });
  const conversations = createConversations({ state, changes, events, limits });
  const messages = createMessages({ state, changes, events, switchboard, typing, limits });
  let developerNotice: string | undefined;
  return {
    /** Shown in every chat: that the bot could not be loaded, for one. Forgotten with the process. */
    developerNotice: () => developerNotice,
    showDeveloper(notice: string | undefined): void {
      if (notice === developerNotice) return;
      developerNotice = notice;
      changes.announce({ isForDeveloper: true });
    },
    state,
    changes,
    faults,
    mayCall,
    limits,
    url,
    deliveries,
    events,
    switchboard,
    typing,
    codes: createAuthorizationCodes<{ clientId: string; account: string }>({ worldSuffix }),
    users: createUsers({ state, changes }),
    upkeep: createUpkeep({ state, changes, events }),
    webhooks: createWebhooks({ state, changes, mayCall }),
    conversations,
    messages,
    agent: createAgent({ state, switchboard, messages }),
    worldSuffix,
    installations: createInstallations({ state, changes, switchboard, deliveries, worldSuffix }),
  };
}
