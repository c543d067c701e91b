import type { Feature } from '../feature.ts';
import { reportUndelivered } from './report.ts';

declare module '../../runtime/types.ts' {
  /** A message of the bot that Zendesk accepted and the customer's channel did not deliver. */
  export interface DeliveryFailure {
    message: { id: string; role: 'assistant'; by: 'bot'; text: string; at: Date };
    /** `whatsapp`, `twilio` and so on. */
    channel: string | undefined;
    /** In Zendesk's words, for your log: `uncategorized_error`. */
    code: string | undefined;
    reason: string | undefined;
  }

  export type OnDeliveryFailed = (context: Tools & { failure: DeliveryFailure }) => Promise<void>;

  interface Bot {
    /** A social channel did not deliver a message of the bot. What you send now is not told of again. */
    onDeliveryFailed?: OnDeliveryFailed;
  }
}

declare module '../../observe.ts' {
  interface Steps {
    'delivery-failure-handled': object;
  }
}

/** Messages of the bot that a customer's channel does not deliver are noted, and the bot is told. */
export const undelivered: Feature = {
  name: 'undelivered',
  eventTypes: {
    'conversation:message:delivery:failure': {
      title: 'A message was not delivered',
      answer: reportUndelivered,
    },
  },
};
