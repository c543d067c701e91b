/** What the tests of memory remember, beside what the bot does. */
declare module '../../../../server/runtime/types.ts' {
  interface ConversationMemory {
    waitingFor?: string;
    count?: number;
    words?: string;
  }
  interface CustomerMemory {
    orders?: string[];
    seen?: number;
    words?: string;
    [key: `of ${string}`]: string;
  }
}

export type { ConversationMemory, CustomerMemory } from '../../../../server/runtime/types.ts';
