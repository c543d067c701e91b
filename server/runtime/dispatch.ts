import type { Observe } from '../observe.ts';
import type { ConversationEvent } from '../zendesk/events.ts';
import { isHidden, readMessage, type Reading } from './incoming.ts';
import type { ToolsResult } from './tools.ts';
import type { Bot, Tools } from './types.ts';

type Active =
  { name?: string | undefined; integrationType?: string | undefined } | null | undefined;

export interface ControlRule {
  /** A marketplace bot's integrationType is its OAuth client id (OpenAPI switchboardIntegrationType). */
  clientId: string;
  /** For accounts without a switchboard, where nobody is ever in control. */
  answerWithoutSwitchboard: boolean;
}

/** The people working in Zendesk's Agent Workspace, by switchboard integration type. */
export const AGENT_WORKSPACE = 'zd:agentWorkspace';

export interface DispatchResult {
  state: 'done' | 'ignored';
  /** In words, for the activity list and the stored event. */
  note: string;
  handedOff: boolean;
}

export interface DispatchDeps {
  bot: Bot;
  rule: ControlRule;
  /** Called for events that are for us. */
  openTools: () => Promise<ToolsResult>;
  /** For reading the customer's message. */
  reading: Reading;
  observe: Pick<Observe, 'step'>;
}

/**
 * Decides whether an event is for us and which handler answers it. Reads who is in control from the
 * event, every time: a remembered hand-off would be wrong the moment the agent solves the ticket.
 */
export async function dispatchEvent(
  deps: DispatchDeps,
  event: ConversationEvent,
): Promise<DispatchResult> {
  const reason = findReasonToIgnore(event, deps);
  if (reason !== undefined) return leaveAlone(deps, reason);
  return await runInControl(deps, (tools) => runHandler(deps, event, tools));
}

/** The same for an event of a feature: `active` is who is in control, `run` what answers it. */
export async function dispatchOwnEvent(
  deps: DispatchDeps,
  active: Active,
  run: (tools: Tools) => Promise<string>,
): Promise<DispatchResult> {
  const reason = findOtherController(active, deps.rule);
  return reason === undefined ? await runInControl(deps, run) : leaveAlone(deps, reason);
}

/** Runs what answers an event, which returns in words what it did; nothing is wrong when control has gone. */
async function runInControl(
  deps: Pick<DispatchDeps, 'openTools' | 'observe'>,
  run: (tools: Tools) => Promise<string>,
): Promise<DispatchResult> {
  const { tools, done } = await deps.openTools();
  try {
    const handled = await run(tools);
    const replies = done.replies === 1 ? '1 reply' : `${done.replies} replies`;
    const note = `${handled}: ${replies}${done.handedOff ? ', handed over' : ''}`;
    return { state: 'done', note, handedOff: done.handedOff };
  } catch (error) {
    if (!(error instanceof ControlLostError)) throw error;
    return leaveAlone(deps, error.message);
  }
}

function leaveAlone({ observe }: Pick<DispatchDeps, 'observe'>, reason: string): DispatchResult {
  observe.step({ key: 'event-left-alone', reason });
  return { state: 'ignored', note: reason, handedOff: false };
}

function findReasonToIgnore(
  event: ConversationEvent,
  { bot, rule }: Pick<DispatchDeps, 'bot' | 'rule'>,
): string | undefined {
  const active = event.payload.conversation.activeSwitchboardIntegration;
  switch (event.type) {
    case 'switchboard:passControl':
    case 'switchboard:releaseControl':
      return `Control is with ${describeController(active, rule)}.`;
    case 'conversation:message':
      if (event.payload.message.activity) return 'Written by the system.';
      // Our own messages come back as events too; answering them would be an endless loop.
      if (event.payload.message.author.type !== 'user') return 'Written by the business side.';
      if (event.payload.message.deleted) return 'Deleted by now.';
      if (isHidden(event.payload.message) && !bot.onHidden)
        return 'Not written by the customer but sent by the page, hidden; the bot has no onHidden.';
      break;
    case 'conversation:create':
      if (event.payload.creationReason === 'message')
        return 'The message that opened it is answered.';
      break;
  }
  return findOtherController(active, rule);
}

function findOtherController(active: Active, rule: ControlRule): string | undefined {
  return isInControl(active, rule)
    ? undefined
    : `Not this bot but ${describeController(active, rule)} is in control.`;
}

/** Returns what was done, for a sentence. */
async function runHandler(
  { bot, reading, observe }: DispatchDeps,
  event: ConversationEvent,
  tools: Tools,
): Promise<string> {
  switch (event.type) {
    case 'conversation:message': {
      const message = readMessage(event, reading);
      if (message.isHidden) {
        observe.step({ key: 'hidden-handled' });
        await bot.onHidden?.({ ...tools, message });
        return 'Hidden message handled';
      }
      observe.step({ key: 'message-handled' });
      await bot.onMessage({ ...tools, message });
      return 'Message answered';
    }
    case 'conversation:postback':
      observe.step({ key: 'postback-handled' });
      await bot.onPostback({ ...tools, payload: event.payload.postback.payload });
      return 'Button answered';
    case 'conversation:create':
      observe.step({ key: 'start-handled' });
      await bot.onStart({ ...tools, reason: event.payload.creationReason ?? 'none' });
      return 'New conversation greeted';
    case 'switchboard:passControl:failure':
      observe.step({ key: 'hand-off-failure-handled' });
      await bot.onHandOffFailed(tools);
      return 'Failed hand-off explained';
    default:
      return 'Nothing to do';
  }
}

/** Whether the conversation is ours to answer, read from the event or from Zendesk, never remembered. */
export function isInControl(active: Active, rule: ControlRule): boolean {
  if (active === null || active === undefined) return rule.answerWithoutSwitchboard;
  return active.integrationType === rule.clientId;
}

export function nameController(active: Active): string {
  return active?.integrationType ?? active?.name ?? 'nobody';
}

/** For a sentence: who is in control, in words as far as we know them. */
export function describeController(
  active: Active,
  { clientId }: Pick<ControlRule, 'clientId'>,
): string {
  const name = nameController(active);
  if (name === clientId) return 'this bot';
  return name === AGENT_WORKSPACE ? 'the Agent Workspace' : name;
}

/** Thrown when control has moved before we could answer: nothing is wrong, we just stay silent. */
export class ControlLostError extends Error {
  constructor(controller: string) {
    super(`Control went to ${controller} before the answer was sent.`);
    this.name = 'ControlLostError';
  }
}
