import type { Core } from '../../core.ts';
import type { Occasion } from '../../inbox/event-hooks.ts';
import { dispatchEvent } from '../../runtime/dispatch.ts';
import type { Ending } from '../../runtime/types.ts';
import type { DispatchResult, Visit } from '../../runtime/visit.ts';
import { endsConversation } from '../../zendesk/events.ts';
import type { Feature } from '../feature.ts';

declare module '../../runtime/types.ts' {
  /** Who ended a conversation. */
  export type Ending =
    | { by: 'customer' }
    /** The ticket of the people was closed, or goes on by e-mail. */
    | { by: 'agent'; reason: 'ticketClosed' | 'transferToEmail' | (string & {}) };

  export type OnEnded = (context: Tools & Ending) => Promise<void>;

  interface Bot {
    /**
     * The conversation was ended by the customer or the people. It is over: nothing can be sent; remember,
     * forget, or tell a system of yours.
     */
    onEnded?: OnEnded;
  }
}

declare module '../../observe.ts' {
  interface Steps {
    'end-handled': object;
  }
}

const OVER = 'The conversation is over: nothing can be sent from onEnded().';

/** The bot is told when a customer or the people have ended a conversation. */
export const endings: Feature = {
  name: 'endings',
  open: (core) => ({ prepare: (occasion) => prepare(core, occasion) }),
};

function prepare({ bot }: Pick<Core, 'bot'>, occasion: Occasion): Occasion {
  const { parsed } = occasion;
  if (bot.onEnded === undefined) return occasion;
  switch (parsed.type) {
    case 'conversation:message': {
      if (!endsConversation(parsed.payload.message)) return occasion;
      const answer = async (visit: Visit): Promise<DispatchResult> => {
        const result = await dispatchEvent(visit, parsed);
        if (result.state === 'done') await runOnEnded(visit, { by: 'customer' });
        return result;
      };
      return { ...occasion, answer };
    }
    case 'switchboard:passControl':
    case 'switchboard:releaseControl': {
      const { reason } = parsed.payload;
      if (!reason) return occasion;
      const answer = async (visit: Visit): Promise<DispatchResult> => {
        await runOnEnded(visit, { by: 'agent', reason });
        return { state: 'done', note: `The people ended the conversation (${reason}).` };
      };
      return { ...occasion, answer };
    }
    default:
      return occasion;
  }
}

async function runOnEnded({ bot, openTools, observe }: Visit, ending: Ending): Promise<void> {
  const { tools, finish } = await openTools({ over: OVER });
  observe.step({ key: 'end-handled' });
  await bot.onEnded?.({ ...tools, ...ending });
  await finish();
}
