import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Core } from '../core.ts';
import { createAcceptor } from './receive/group-commit.ts';
import { handleEvent, type EventDeps } from './handle-event.ts';
import { receiveDelivery, type ReceiverDeps } from './receive/receiver.ts';
import { createKeyCheck } from './receive/webhook-secrets.ts';
import { createWorker, type WorkerSettings } from './worker.ts';

/** Receive, store, deliver: from Zendesk's delivery to the bot's handler. */
export function createInbox(
  core: Core,
  options: Pick<EventDeps, 'restoredAt'> &
    Pick<ReceiverDeps, 'isOpen'> & { settings?: Partial<WorkerSettings> },
) {
  const { config, database, observe } = core;
  const { signals } = database;
  const owner = randomUUID();
  /** Of all features, those that have a say: each delivery and each attempt asks them. */
  const having = (...hooks: (keyof Core['parts'][number])[]) =>
    core.parts.filter((part) => hooks.some((hook) => part[hook] !== undefined));
  const handling: EventDeps = {
    ...core,
    ...options,
    parts: having('refuse', 'prepare', 'judge', 'giveUp', 'readMessage', 'tools'),
    runJob: (job, installation, event) => job.run(core, installation, event),
    rule: {
      clientId: config.oauthClient.id,
      answerWithoutSwitchboard: config.answerWithoutSwitchboard,
    },
  };
  const worker = createWorker({
    ...core,
    ...options,
    owner,
    handle: (event, signal) => observe.attempt(event, () => handleEvent(handling, event, signal)),
  });

  /** Ourselves with what we know, the other instances in general: we may have enough to do. */
  function wake(conversationKeys: string[]): void {
    if (worker.look(conversationKeys)) signals.publish('events', owner);
  }
  const unsubscribe = signals.subscribe('events', (sender) => {
    if (sender !== owner) worker.look();
  });
  const receiving: ReceiverDeps = {
    ...core,
    ...options,
    parts: having('refuse', 'hasRoom'),
    checkKey: createKeyCheck(core),
    accept: createAcceptor(worker, wake),
  };

  return {
    receive: (request: IncomingMessage, response: ServerResponse): boolean =>
      receiveDelivery(receiving, request, response),
    start: worker.start,
    look: worker.look,
    async stop(graceMs: number): Promise<void> {
      unsubscribe();
      await worker.stop(graceMs);
    },
  };
}
