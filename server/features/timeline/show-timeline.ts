import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { LinkToSource } from './create-source-links.ts';
import { presentTrace } from './present-trace.ts';
import type { TraceStore } from './store/traces.ts';
import type { FindOwned } from '../../installations/find-owned.ts';

const TRACES_PER_PAGE = 20;

const Query = z.object({ before: z.coerce.number().int().positive().optional().catch(undefined) });

/** Earlier pages of the timeline that the status page begins. */
export function createShowTimeline(options: {
  findOwned: FindOwned;
  traces: TraceStore;
  linkToSource: LinkToSource;
}): RequestHandler {
  return async (request, response) => {
    const { id, display_name: name } = await options.findOwned(request);
    const { before } = Query.parse(request.query);
    response.render('timeline/timeline', {
      title: `What happened in ${name}`,
      statusHref: `/installations/${id}`,
      name,
      timeline: await readTimeline(options, id, before),
    });
  };
}

/** One page of traces, newest first, and where to find older ones. */
export async function readTimeline(
  { traces, linkToSource }: { traces: TraceStore; linkToSource: LinkToSource },
  installationId: string,
  before?: number,
) {
  // One more than is shown tells whether there is more.
  const found = await traces.list(installationId, { before, limit: TRACES_PER_PAGE + 1 });
  const shown = found.slice(0, TRACES_PER_PAGE);
  const oldest = shown.at(-1);
  const hasEarlier = found.length > shown.length && oldest !== undefined;
  return {
    traces: shown.map((trace) => presentTrace(trace, linkToSource)),
    earlierHref: hasEarlier
      ? `/installations/${installationId}/timeline?before=${oldest.id}`
      : null,
  };
}
