import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Core } from '../../core.ts';
import type { Crash } from './crash.ts';
import type { StandIn } from '../stand-in.ts';
import { describeVerdict } from './answers.ts';
import { describeStation } from './details.ts';
import { listBreaks } from './faults.ts';
import type { Attempt, Journal, Journey } from './journal.ts';
import { findPlayed } from './played.ts';
import { describeStations, STATION_KEYS, type StationKey } from './stations.ts';

interface PlayDeps {
  journal: Journal;
  standIn: StandIn;
  crash: Crash;
  /** Where the stand-in is. */
  sandboxUrl: string;
}

const Query = z.object({
  message: z.string().optional().catch(undefined),
  station: z.enum(STATION_KEYS).optional().catch(undefined),
  view: z.enum(['customer', 'agent', 'admin']).catch('customer'),
});

const VIEWS = [
  { key: 'customer', label: 'Customer', path: 'messenger' },
  { key: 'agent', label: 'Agent', path: 'agent' },
  { key: 'admin', label: 'Admin', path: 'admin/ai/ai-agents/ai-agents/marketplace-bots' },
] as const;

const LISTED = 6;

/** Chat, journey, and the code and calls of one station, on one screen. */
export async function showPlay(
  core: Core & PlayDeps,
  request: Request,
  response: Response,
): Promise<void> {
  const { journal, sandboxUrl } = core;
  const query = Query.parse(request.query);
  const installation = await findPlayed(core, request);
  const journeys = installation === undefined ? [] : journal.list(installation.id);
  const chosen = journeys.find(({ eventId }) => eventId === query.message);
  const journey = chosen ?? journeys[0];
  const stations = describeStations(journey, core.now());
  const station = query.station ?? findTelling(journey);
  // The chat is a page of the stand-in, in a frame.
  const policy = String(response.getHeader('Content-Security-Policy'));
  response.set('Content-Security-Policy', `${policy};frame-src ${new URL(sandboxUrl).origin}`);
  response.render('play/play', {
    title: 'Play',
    account: installation && {
      name: installation.display_name,
      href: `/installations/${installation.id}`,
      base: `${sandboxUrl}/accounts/${installation.subdomain}`,
    },
    view: query.view,
    views: VIEWS,
    journeys: journeys.slice(0, LISTED).map((one) => summarize(one, one === journey)),
    journey: journey && { eventId: journey.eventId, words: journey.words },
    isPinned: chosen !== undefined,
    isStationChosen: query.station !== undefined,
    stations,
    detail: await describeStation(core, journey, station),
    verdict: journey && describeVerdict(journey),
    breaks: installation === undefined ? [] : await listBreaks(core, installation),
    linkTo: (changes: Partial<z.infer<typeof Query>>) => {
      const wanted = { ...query, ...changes };
      const search = new URLSearchParams();
      for (const [name, value] of Object.entries(wanted))
        if (value !== undefined && value !== 'customer') search.set(name, value);
      return search.size === 0 ? '/play' : `/play?${search.toString()}`;
    },
  });
}

/** The station that one wants to see without having chosen: where it was not as always, else your handler. */
function findTelling(journey: Journey | undefined): StationKey {
  if (journey === undefined) return 'handled';
  if (journey.attempts.length > 1 || journey.attempts.some(isStuck)) return 'called';
  return journey.deliveredAt.length > 1 ? 'stored' : 'handled';
}

const isStuck = ({ settled }: Attempt) => settled?.state === 'waiting';

function summarize({ eventId, words, attempts, sentAt }: Journey, isShown: boolean) {
  const { state } = attempts.at(-1)?.settled ?? {};
  return { eventId, words, state: state ?? 'working', at: sentAt, isShown };
}
