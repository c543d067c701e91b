import type { Bot } from '../runtime/types.ts';

/** What the bot remembers: declare a key here, and every handler has it in `memory` (docs/memory.md). */
declare module '../runtime/types.ts' {
  /** Of one conversation. */
  interface ConversationMemory {}
  /** Of a customer, in all of an account's conversations. */
  interface CustomerMemory {}
}

/** Schemas with defaults, where you want them: what is stored is checked against them. */
export const memory = {} satisfies Bot['memory'];
