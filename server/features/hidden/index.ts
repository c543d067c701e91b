import type { Occasion } from '../../inbox/event-hooks.ts';
import { findReasonToIgnore } from '../../runtime/dispatch.ts';
import { readMessage } from '../../runtime/messages/incoming.ts';
import { leaveAlone, runWithTools, type DispatchResult, type Visit } from '../../runtime/visit.ts';
import type { MessageEvent } from '../../zendesk/events.ts';
import type { Feature } from '../feature.ts';
import { isHidden } from '../shared/words.ts';

declare module '../../runtime/types.ts' {
  interface Received {
    /** The page sent it for the customer, and does not show it: see onHidden. */
    isHidden: boolean;
  }

  interface Bot {
    /**
     * The page sent a message for the customer that it does not show, to start something: with metadata that
     * says so. Without this handler such messages are ignored.
     */
    onHidden?: OnMessage;
  }
}

declare module '../../observe.ts' {
  interface Steps {
    'hidden-handled': object;
  }
}

const NO_HANDLER =
  'Not written by the customer but sent by the page, hidden; the bot has no onHidden.';

/** What a page sends for the customer without showing it is not answered as if he had written it. */
export const hidden: Feature = {
  name: 'hidden',
  open: () => ({ prepare, readMessage: (message) => ({ isHidden: isHidden(message) }) }),
};

function prepare(occasion: Occasion): Occasion {
  const { parsed } = occasion;
  if (parsed.type !== 'conversation:message' || !isHidden(parsed.payload.message)) return occasion;
  return { ...occasion, answer: (visit) => answerHidden(visit, parsed) };
}

async function answerHidden(visit: Visit, event: MessageEvent): Promise<DispatchResult> {
  const { bot, observe, reading } = visit;
  const { onHidden } = bot;
  const reason = findReasonToIgnore(event, visit);
  if (reason !== undefined || onHidden === undefined)
    return leaveAlone(visit, reason ?? NO_HANDLER);
  return await runWithTools(visit, async (tools) => {
    observe.step({ key: 'hidden-handled' });
    await onHidden({ ...tools, message: readMessage(event, reading), earlier: [] });
    return 'Hidden message handled';
  });
}
