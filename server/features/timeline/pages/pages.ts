import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Core } from '../../../core.ts';
import { findOwned } from '../../../installations/owned.ts';
import { columnText } from '../../../text.ts';
import type { Card } from '../../cards.ts';
import { splitAtLinks } from '../../shared/split-at-links.ts';
import { groupByConversation, type ListedItem } from './conversations.ts';
import { spellDuration } from '../../shared/spell-duration.ts';
import { countLastHour } from './numbers.ts';
import { presentTrace } from './present-trace.ts';
import { durationOf, judgeOutcome, type RecentTrace } from '../recent.ts';
import type { TraceStore } from '../traces.ts';

/** On the overview; the tab has all that are kept. */
const ITEMS_ON_OVERVIEW = 12;
/** Of a conversation, the newest. */
const TRACES_SHOWN = 10;

const CONTROLLERS = new Map<string | null, string>([
  ['zd:agentWorkspace', 'With the Agent Workspace'],
  ['handed over', 'Being handed over'],
  [null, 'With nobody'],
]);

/** What was selected; what cannot be meant counts as left out. */
const Selection = z.object({
  conversation: columnText.optional().catch(undefined),
  trace: z.coerce.number().int().positive().optional().catch(undefined),
});

interface TimelineDeps {
  traces: TraceStore;
  /** Whether there are pages of our own source to link to. */
  hasSources: boolean;
  now: () => number;
  parts: Core['parts'];
  conversations: Core['conversations'];
  config: Pick<Core['config'], 'oauthClient'>;
}

/** All conversations that traces are kept of, and beside them how those of one were handled. */
export async function showTimeline(
  deps: TimelineDeps & Pick<Core, 'installations' | 'installationOwners'>,
  request: Request,
  response: Response,
): Promise<void> {
  const { id, display_name: name } = await findOwned(deps, request);
  const recent = await deps.traces.listRecent(id);
  const timeline = await selectFrom(deps, { id, recent, query: request.query });
  response.render('timeline/timeline', {
    title: 'Conversations',
    account: { href: `/installations/${id}`, name },
    timeline: { ...timeline, allHref: null },
    splitAtLinks,
  });
}

/** What the account's page shows: the last hour in four numbers, and the newest conversations. */
export async function showOverview(
  deps: TimelineDeps,
  id: string,
  query: unknown,
): Promise<Card[]> {
  const recent = await deps.traces.listRecent(id);
  const numbers = countLastHour(recent, deps.now());
  const timeline = await selectFrom(deps, { id, recent, query, limit: ITEMS_ON_OVERVIEW });
  const allHref = `/installations/${id}/timeline`;
  const locals = { timeline: { ...timeline, allHref }, splitAtLinks };
  const last = recent.find((trace) => judgeOutcome(trace) === 'answered');
  const health =
    last === undefined ? [] : [{ at: last.settledAt, ms: spellDuration(durationOf(last) ?? 0) }];
  return [
    ...health.map((answer) => ({
      place: 'health' as const,
      view: 'timeline/sections/last-answer',
      locals: { answer },
    })),
    { place: 'overview', view: 'timeline/sections/numbers', locals: { numbers } },
    { place: 'overview', view: 'timeline/sections/split', locals },
  ];
}

/** The list with one of it selected, the newest if none was, and the traces of that one. */
async function selectFrom(
  deps: TimelineDeps,
  from: { id: string; recent: readonly RecentTrace[]; query: unknown; limit?: number },
) {
  const { traces, hasSources, parts } = deps;
  const { id, recent, query, limit = Infinity } = from;
  const { conversation, trace } = Selection.parse(query);
  const all = groupByConversation(recent);
  const wanted =
    conversation === undefined
      ? `trace=${trace}`
      : `conversation=${encodeURIComponent(conversation)}`;
  const selected = all.find((item) => item.query === wanted) ?? all[0];
  const ids = selected?.traceIds.slice(0, TRACES_SHOWN) ?? [];
  const shown = all.slice(0, limit);
  return {
    // One that is asked for is in the list, however old it is.
    items: selected === undefined || shown.includes(selected) ? shown : [...shown, selected],
    inControl: await nameController(deps, id, selected),
    failedHref: findFailed(parts, id, selected),
    hasMore: all.length > shown.length,
    selected,
    traces: (await traces.find(id, { ids })).map((found) => ({
      ...presentTrace(found, hasSources),
      isOpen: found.id === selected?.mainTraceId,
    })),
  };
}

/** Who has the selected conversation now; null: it is none, or nobody knows. */
async function nameController(
  { conversations, config }: TimelineDeps,
  id: string,
  selected: ListedItem | undefined,
): Promise<string | null> {
  if (selected?.conversationId == null) return null;
  const controller = (await conversations.find(id, selected.conversationId))?.controller;
  if (controller === undefined) return null;
  if (controller === config.oauthClient.id) return 'With the bot';
  return CONTROLLERS.get(controller) ?? `With ${controller}`;
}

/** Where the event can be run again that the selected item is about. */
function findFailed(parts: Core['parts'], id: string, selected: ListedItem | undefined) {
  if (selected?.outcome !== 'failed' || selected.eventId === null) return null;
  const part = parts.find(({ eventPath }) => eventPath);
  return part?.eventPath?.(id, selected.eventId) ?? null;
}

/** How one event was handled, attempt by attempt, for the page of that event. */
export async function showEventTraces(
  { traces, hasSources }: TimelineDeps,
  installationId: string,
  eventId: string,
): Promise<Card[]> {
  const found = await traces.find(installationId, { eventId });
  const shown = found
    .slice(0, TRACES_SHOWN)
    .map((trace, index) => ({ ...presentTrace(trace, hasSources), isOpen: index === 0 }));
  if (shown.length === 0) return [];
  return [
    { place: 'event', view: 'timeline/sections/event', locals: { traces: shown, splitAtLinks } },
  ];
}
