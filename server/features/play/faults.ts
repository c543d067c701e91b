import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Core } from '../../core.ts';
import { notFound } from '../../errors.ts';
import type { StandIn } from '../stand-in.ts';
import type { Crash } from './crash.ts';
import type { Journal } from './journal.ts';
import { findPlayed } from './played.ts';

type Faults = NonNullable<Awaited<ReturnType<StandIn['findFaults']>>>;
type FaultInput = Parameters<Faults['arm']>[0];

/** What one can break, with what becomes of it. */
const BREAKS = {
  lose: {
    label: 'Lose the answer',
    hint: 'Zendesk takes the reply, and the connection drops before it says so.',
    fault: { kind: 'dropAnswer', operation: 'PostMessage', times: 1 },
  },
  twice: {
    label: 'Deliver twice',
    hint: 'The next event comes two times, with the same id.',
    fault: { kind: 'duplicateDelivery', times: 1 },
  },
  refuse: {
    label: '500 three times',
    hint: 'Zendesk refuses the reply three times. It is tried again after 1, 3 and 9 seconds.',
    fault: { kind: 'answer', operation: 'PostMessage', status: 500, times: 3 },
  },
} satisfies Record<string, { label: string; hint: string; fault: FaultInput }>;

type BreakDeps = { crash: Crash; standIn: StandIn; journal: Journal };
type BreakKey = keyof typeof BREAKS;
const BREAK_KEYS = Object.keys(BREAKS).filter((key): key is BreakKey => key in BREAKS);
const Form = z.object({ break: z.enum(['lose', 'twice', 'refuse', 'crash']) });

const CRASH = {
  key: 'crash',
  label: 'Crash the app',
  hint: 'The app dies as by kill -9, after Zendesk took the reply and before that is written down: its port, its database and what it was doing are cut off at once. Another one starts on the same database; the stand-in stays.',
};

/** The chips, and which of them strike next. */
export async function listBreaks(
  { standIn, journal, crash }: BreakDeps,
  { id, subdomain }: { id: string; subdomain: string },
) {
  const armed = (await standIn.findFaults(subdomain))?.list() ?? [];
  const breaks = BREAK_KEYS.map((key) => {
    const { label, hint, fault } = BREAKS[key];
    return { key, label, hint, isArmed: armed.some((one) => isSame(one.fault, fault)) };
  });
  const isArmed = journal.crashes.has(id);
  return crash === undefined ? breaks : [...breaks, { ...CRASH, isArmed }];
}

function isSame(armed: { kind: string }, fault: FaultInput): boolean {
  return armed.kind === fault.kind;
}

function toggleFault(faults: Faults, fault: FaultInput): void {
  const armed = faults.list().find((one) => isSame(one.fault, fault));
  if (armed === undefined) faults.arm(fault);
  else faults.disarm(armed.id);
}

function toggleCrash({ crash, journal: { crashes } }: BreakDeps, id: string): void {
  if (crash === undefined) throw notFound();
  if (!crashes.delete(id)) crashes.add(id);
}

/** Arms what the visitor wants to break, in a world of the visitor's own, or disarms it. */
export async function toggleBreak(
  core: BreakDeps & Pick<Core, 'installations'>,
  request: Request,
  response: Response,
): Promise<void> {
  const { id, subdomain } = (await findPlayed(core, request)) ?? {};
  const form = Form.safeParse(request.body).data;
  const faults = subdomain && (await core.standIn.findFaults(subdomain));
  if (id === undefined || form === undefined || !faults) throw notFound();
  if (form.break === 'crash') toggleCrash(core, id);
  else toggleFault(faults, BREAKS[form.break].fault);
  core.journal.announce(id);
  response.redirect(303, '/play#break');
}
