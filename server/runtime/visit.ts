import type { Observe } from '../observe.ts';
import type { ZendeskClient } from '../zendesk/client.ts';
import type { MessageEvent } from '../zendesk/events.ts';
import { ControlLostError, nameController, type Controller, type ControlRule } from './control.ts';
import type { Reading } from './messages/incoming.ts';
import type { ToolsResult } from './tools.ts';
import type { Bot, Tools } from './types.ts';

export interface DispatchResult {
  state: 'done' | 'ignored';
  /** In words, for the activity list and the stored event. */
  note: string;
  /** Who is in control from now on, where this changed it. */
  controller?: string | undefined;
}

/** What for, where it is not to answer. */
export interface ToolsFor {
  /** Why nothing can be sent. */
  over?: string;
  /** What is said beside an answer: a word of its own, with which its messages are numbered. */
  about?: string;
}

/** An attempt at something that happened in a conversation. */
export interface Visit {
  bot: Bot;
  rule: ControlRule;
  /** Who was in control when it happened. */
  active: Controller;
  conversations: ZendeskClient['conversations'];
  /** What the customer sent right before the message, and is to be answered with it. */
  earlier: readonly MessageEvent[];
  /** Called for events that are for us. */
  openTools: (options?: ToolsFor) => Promise<ToolsResult>;
  /** For reading the customer's message. */
  reading: Reading;
  observe: Pick<Observe, 'step'>;
}

/** What a feature does about an event, whose payload it reads itself. */
export type Answer = (visit: Visit, payload: object) => Promise<DispatchResult>;

/** Runs what answers an event, which returns in words what it did. */
export async function runWithTools(
  { openTools }: Pick<Visit, 'openTools'>,
  run: (tools: Tools) => Promise<string>,
  options?: ToolsFor,
): Promise<DispatchResult> {
  const { tools, done, finish } = await openTools(options);
  const handled = await run(tools);
  await finish();
  const { replies: count, handedOff, ended } = done;
  const replies = count === 1 ? '1 reply' : `${count} replies`;
  const note = `${handled}: ${replies}`;
  if (handedOff) return { state: 'done', note: `${note}, handed over`, controller: 'handed over' };
  return ended
    ? { state: 'done', note: `${note}, ended`, controller: nameController(null) }
    : { state: 'done', note };
}

/** Nothing is wrong when control has gone: the event is not ours any more. */
export async function unlessControlIsLost(
  visit: Pick<Visit, 'observe'>,
  work: () => Promise<DispatchResult>,
): Promise<DispatchResult> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ControlLostError)) throw error;
    return leaveAlone(visit, error.message);
  }
}

export function leaveAlone({ observe }: Pick<Visit, 'observe'>, reason: string): DispatchResult {
  observe.step({ key: 'event-left-alone', reason });
  return { state: 'ignored', note: reason };
}
