import { spellDuration } from '../../shared/spell-duration.ts';
import { durationOf, judgeOutcome, type Outcome, type RecentTrace } from '../recent.ts';

/** A row of the list: a conversation with all its traces, or one thing that is about none. */
export interface ListedItem {
  /** For the address: `conversation=…` or `trace=…`. */
  query: string;
  /** The customer's last words, where they are kept. */
  title: string;
  /** What became of them. */
  outcome: Outcome | null;
  note: string | null;
  /** How long the customer waited. */
  duration: string | null;
  /** Of the newest trace, epoch milliseconds. */
  at: number;
  /** Newest first. */
  traceIds: number[];
  /** The one that the title is of. */
  mainTraceId: number;
  /** Of the event that one is about. */
  eventId: string | null;
  conversationId: string | null;
}

/** What customers do; the rest of a conversation is what the system made of it. */
const SAID = new Set<string | null>(['conversation:message', 'conversation:postback']);

/** Newest first, as the traces are. */
export function groupByConversation(traces: readonly RecentTrace[]): ListedItem[] {
  const groups = new Map<string, RecentTrace[]>();
  for (const trace of traces) {
    const { id, conversationId } = trace;
    const query =
      conversationId === null
        ? `trace=${id}`
        : `conversation=${encodeURIComponent(conversationId)}`;
    const group = groups.get(query);
    if (group === undefined) groups.set(query, [trace]);
    else group.push(trace);
  }
  return [...groups].flatMap(([query, group]) => {
    const [newest] = group;
    const main = group.find(({ type }) => SAID.has(type)) ?? newest;
    if (newest === undefined || main === undefined) return [];
    const ms = durationOf(main);
    return {
      query,
      title: main.title,
      outcome: judgeOutcome(main),
      note: main.note,
      duration: ms === null ? null : spellDuration(ms),
      at: newest.at,
      traceIds: group.map(({ id }) => id),
      mainTraceId: main.id,
      eventId: main.eventId,
      conversationId: main.conversationId,
    };
  });
}
