import type { Action } from '../state/actions.ts';
import type { Message } from '../state/records.ts';

type Postback = Extract<Action, { type: 'postback' }>;

/** The newest postback button with this payload among the messages of a conversation. */
export function findPostback(messages: Message[], payload: string): Postback | undefined {
  for (const message of messages.toReversed()) {
    for (const action of actionsOf(message)) {
      if (action.type === 'postback' && action.payload === payload) return action;
    }
  }
  return undefined;
}

function actionsOf({ content }: Message): Action[] {
  const own = 'actions' in content ? (content.actions ?? []) : [];
  const onCards = 'items' in content ? content.items.flatMap((card) => card.actions) : [];
  return [...own, ...onCards];
}
