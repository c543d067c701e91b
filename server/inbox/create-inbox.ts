import { randomUUID } from 'node:crypto';
import type { Observe } from '../observe.ts';
import type { ControlRule } from '../runtime/control.ts';
import type { Log } from '../log.ts';
import type { FeatureParts } from '../features/feature.ts';
import type { Bot } from '../runtime/types.ts';
import type { Database } from '../store/engines/database.ts';
import type { Stores } from '../store/create-stores.ts';
import type { Zendesk } from '../zendesk/client.ts';
import { createAcceptor } from './create-acceptor.ts';
import { createEventHandler, type Job } from './create-event-handler.ts';
import { createHookLookup } from './create-hook-lookup.ts';
import { createQueueLimit, MAX_WAITING } from './create-queue-limit.ts';
import { createReceiver } from './create-receiver.ts';
import { createIsRemoved } from './drop-removed.ts';
import { createWorker, WORKER_SETTINGS, type WorkerSettings } from './create-worker.ts';
import type { EventStore } from './event-store.ts';

/** Receive, store, deliver: from Zendesk's delivery to the bot's handler. */
export function createInbox(options: {
  bot: Bot;
  rule: ControlRule;
  events: EventStore;
  stores: Stores;
  database: Database;
  zendesk: Pick<Zendesk, 'clientFor'>;
  parts: readonly FeatureParts[];
  rereadSecret: (installationId: string) => Promise<void>;
  jobs: Readonly<Record<string, Job>>;
  restoredAt: () => number | undefined;
  /** Whether what nobody works on is kept with what it says. */
  keepIgnored: boolean;
  settings: Partial<WorkerSettings>;
  observe: Observe;
  isOpen: () => boolean;
  now: () => number;
  log: Log;
}) {
  const { events, stores, rereadSecret, isOpen, observe, now, log } = options;
  const { activityLog } = stores;
  const { database } = options;
  const { signals } = database;
  const owner = randomUUID();
  const isRemoved = createIsRemoved({ ...stores, now });

  const handle = createEventHandler({
    ...options,
    ...stores,
    pauses: events.pauses,
    isRemoved,
  });
  const worker = createWorker({
    store: events,
    owner,
    settings: { ...WORKER_SETTINGS, ...options.settings },
    onSettled: activityLog.announce,
    observe,
    handle: (event, signal) => observe.attempt(event, () => handle(event, signal)),
    log,
  });
  const hooks = createHookLookup({
    ...stores,
    signals,
    rereadSecret,
    now,
    log,
  });
  /** Ourselves with what we know, the other instances in general: we may have our hands full. */
  function wake(conversationKeys?: string[]): void {
    worker.look(conversationKeys);
    signals.publish('events', owner);
  }
  events.pauses.whenResumed(wake);
  const accept = createAcceptor({
    store: events,
    onStored: (conversationKeys) => {
      if (conversationKeys.length > 0) wake(conversationKeys);
    },
  });
  const hasRoom = createQueueLimit({ database, maxWaiting: MAX_WAITING, now });
  const unsubscribe = signals.subscribe('events', (sender) => {
    if (sender !== owner) worker.look();
  });

  return {
    receive: createReceiver({
      hooks,
      hasRoom,
      accept,
      isRemoved,
      keepIgnored: options.keepIgnored,
      isOpen,
      observe,
      log,
    }),
    wake: () => wake(),
    start: worker.start,
    async stop(graceMs: number): Promise<void> {
      unsubscribe();
      await worker.stop(graceMs);
    },
  };
}
