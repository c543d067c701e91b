import type { RequestHandler } from 'express';
import type { ShopkeeperConfig } from './config/load-config.ts';
import type { FeatureParts } from './features/feature.ts';
import type { EventTypes } from './inbox/event-types.ts';
import type { EventStore } from './inbox/events.ts';
import type { Log } from './log.ts';
import type { Observe } from './observe.ts';
import type { Bot } from './runtime/types.ts';
import type { Stores } from './store/create-stores.ts';
import type { Database } from './store/engines/database.ts';
import type { SecretOwnerKind } from './store/secrets/secrets.ts';
import type { Zendesk } from './zendesk/connect.ts';

/** What the parts of the app are made of. Functions ask for the fields they need: `Pick<Core, …>`. */
export interface Core extends Stores {
  /** The project's folder. */
  root: string;
  config: ShopkeeperConfig;
  bot: Bot;
  database: Database;
  /** False since a stop was asked for. */
  isReady: () => boolean;
  events: EventStore;
  /** What the features take care of, beside what happens in conversations. */
  eventTypes: EventTypes;
  /** Who has secrets, beside installations. */
  secretOwners: readonly SecretOwnerKind[];
  /** There may be something to do for the workers; in conversations that are named, for our own. */
  wake: (conversationKeys?: readonly string[]) => void;
  zendesk: Zendesk;
  observe: Observe;
  /** Ahead of the handler of a form: 60 a minute for all forms, its fields, its CSRF token. */
  form: RequestHandler[];
  /** What the features added, in the order of features.ts. */
  parts: readonly FeatureParts[];
  log: Log;
  /** Epoch milliseconds. */
  now: () => number;
}
