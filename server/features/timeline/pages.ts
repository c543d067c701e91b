import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Core } from '../../core.ts';
import { notFound } from '../../errors.ts';
import { findOwned } from '../../installations/owned.ts';
import { presentTrace } from './present-trace.ts';
import type { TraceStore } from './traces.ts';

const TRACES_PER_PAGE = 20;

const TimelineQuery = z.object({
  before: z.coerce.number().int().positive().optional().catch(undefined),
});
const SourceQuery = z.object({ function: z.string().regex(/^\w+$/).optional().catch(undefined) });

/** No dot but the one of `.ts`: the path cannot lead out of the folder, nor to a hidden file. */
const PATH = /^server(?:\/[a-z0-9-]+)+\.ts$/;

interface TimelineDeps {
  traces: TraceStore;
  /** Whether there are pages of our own source to link to. */
  hasSources: boolean;
}

/** Earlier pages of the timeline that the account's page begins. */
export async function showTimeline(
  deps: TimelineDeps & Pick<Core, 'installations' | 'installationOwners'>,
  request: Request,
  response: Response,
): Promise<void> {
  const { id, display_name: name } = await findOwned(deps, request);
  const { before } = TimelineQuery.parse(request.query);
  response.render('timeline/timeline', {
    title: `What happened in ${name}`,
    statusHref: `/installations/${id}`,
    name,
    timeline: await readTimeline(deps, id, before),
  });
}

/** One page of traces, newest first, and where to find older ones. */
export async function readTimeline(deps: TimelineDeps, installationId: string, before?: number) {
  // One more than is shown tells whether there is more.
  const limit = TRACES_PER_PAGE + 1;
  const found = await deps.traces.list(installationId, { before, limit });
  const shown = found.slice(0, TRACES_PER_PAGE);
  const oldest = shown.at(-1);
  const hasEarlier = found.length > shown.length && oldest !== undefined;
  return {
    traces: shown.map((trace) => presentTrace(trace, deps.hasSources)),
    earlierHref: hasEarlier
      ? `/installations/${installationId}/timeline?before=${oldest.id}`
      : null,
  };
}

/** A file of this very app, with the line marked that begins a function. In sandbox mode only. */
export async function showSource(
  deps: Pick<Core, 'root'> & Pick<TimelineDeps, 'hasSources'>,
  request: Request,
  response: Response,
): Promise<void> {
  const path = request.path.slice('/source/'.length);
  if (!deps.hasSources || !PATH.test(path)) throw notFound();
  const source = await readFile(join(deps.root, path), 'utf8').catch(() => {
    throw notFound();
  });
  const { function: name } = SourceQuery.parse(request.query);
  const lines = source.trimEnd().split('\n');
  const marked = name === undefined ? -1 : findDeclaration(lines, name);
  const functionName = marked === -1 ? null : name;
  response.render('timeline/source', { title: path, path, functionName, lines, marked });
}

/** Returns the index of the line that begins the function or method of that name; -1 when none does. */
export function findDeclaration(lines: readonly string[], name: string): number {
  const functions = [`function ${name}(`, `function ${name}<`, `const ${name}:`, `const ${name} =`];
  const methods = [` async ${name}(`, ` ${name}: (`, ` ${name}: async (`];
  return lines.findIndex(
    (line) =>
      [...functions, ...methods].some((text) => line.includes(text)) ||
      (line.includes(` ${name}(`) && line.endsWith('{')),
  );
}

/** A bot in production does not publish its source; a compiled app may have been deployed without it. */
export function findSources({ root, sandboxUrl }: Pick<Core, 'root' | 'sandboxUrl'>): boolean {
  return sandboxUrl !== null && existsSync(join(root, 'server'));
}
