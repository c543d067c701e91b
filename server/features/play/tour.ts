import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import type { Core } from '../../core.ts';
import { SETTINGS_PATH } from '../../installations/status/page.ts';
import type { Installation } from '../../store/schema.ts';
import type { StandIn } from '../stand-in.ts';
import { isHandedOver, listCalls } from './answers.ts';
import type { Journal, Journey } from './journal.ts';
import { findPlayed } from './played.ts';

const KEYS = ['install', 'hello', 'watch', 'break', 'handover', 'disconnect'] as const;
type StepKey = (typeof KEYS)[number];

declare module 'express-session' {
  interface SessionData {
    /** What this browser has done of the tour, and whether it wants to see it. */
    tour: { done: StepKey[]; isHidden: boolean };
  }
}

type TourDeps = Pick<Core, 'installations' | 'config'> & { journal: Journal; standIn: StandIn };

const Form = z.object({ tour: z.enum(['hide', 'show']) });

/** Ticks what has really happened, and shows the bar to whoever has begun and not put it away. */
export function guide(deps: TourDeps): RequestHandler {
  return async (request, response, next) => {
    response.locals['navLinks'] = [{ href: '/play', label: 'Play' }];
    const { session, path, method } = request;
    const isPage = method === 'GET' && request.accepts('html', 'json') === 'html';
    const isPlay = path === '/play';
    if (!isPage || path === '/play/changes' || (session.ownerId === undefined && !isPlay))
      return next();
    const installation = await findPlayed(deps, request);
    const journeys = installation === undefined ? [] : deps.journal.list(installation.id);
    const before = session.tour ?? { done: [], isHidden: false };
    const done = advance(before.done, installation, journeys, isPlay);
    if (session.ownerId !== undefined && done.length !== before.done.length)
      session.tour = { ...before, done };
    if (!before.isHidden) response.locals['bar'] = describeBar(done, installation);
    response.locals['isTourHidden'] = before.isHidden;
    if (installation !== undefined) await guideThere(deps, installation, done, before.isHidden);
    next();
  };
}

function advance(
  before: readonly StepKey[],
  installation: Installation | undefined,
  journeys: readonly Journey[],
  isPlay: boolean,
): StepKey[] {
  return KEYS.filter(
    (key) => before.includes(key) || isDone(key, before, installation, journeys, isPlay),
  );
}

/** The same on the pages of the stand-in, as it is when they are looked at. */
async function guideThere(
  { standIn, journal, config }: TourDeps,
  installation: Installation & { subdomain: string },
  done: readonly StepKey[],
  isHidden: boolean,
): Promise<void> {
  await standIn.showGuide(installation.subdomain, () => {
    const { locals } = describeBar(
      advance(done, installation, journal.list(installation.id), false),
      installation,
    );
    if (isHidden || locals.next === undefined) return undefined;
    const { label, button, href } = locals.next;
    return {
      text: `Tour, ${locals.done} of ${KEYS.length} done. Next: ${label}`,
      button: { label: button, href: config.publicUrl + href },
    };
  });
}

function isDone(
  key: StepKey,
  before: readonly StepKey[],
  installation: Installation | undefined,
  journeys: readonly Journey[],
  isPlay: boolean,
): boolean {
  switch (key) {
    case 'install':
      return installation !== undefined;
    case 'hello':
      return journeys.some(({ type }) => type === 'conversation:message');
    case 'watch':
      return isPlay && journeys.some(({ type }) => type === 'conversation:message');
    case 'break':
      return journeys.some(
        ({ attempts, deliveredAt }) => attempts.length > 1 || deliveredAt.length > 1,
      );
    case 'handover':
      return journeys.some(({ attempts }) => isHandedOver(listCalls(attempts)));
    case 'disconnect':
      return installation === undefined && before.includes('install');
  }
}

const STEPS: Record<StepKey, { label: string; button: string; href: string }> = {
  install: { label: 'Install', button: 'Install the bot', href: '/play/start' },
  hello: { label: 'Say hello', button: 'Write in the chat', href: '/play#chat' },
  watch: { label: 'Watch it travel', button: 'Watch it', href: '/play' },
  break: { label: 'Break it', button: 'Break something', href: '/play#break' },
  handover: { label: 'Hand over', button: 'Write “agent”', href: '/play#chat' },
  disconnect: { label: 'Disconnect', button: 'Disconnect', href: '/' },
};

function describeBar(done: readonly StepKey[], installation: Installation | undefined) {
  const next = KEYS.find((key) => !done.includes(key));
  const hrefOf = (key: StepKey) =>
    key === 'disconnect' && installation !== undefined
      ? `/installations/${installation.id}${SETTINGS_PATH}#disconnect`
      : STEPS[key].href;
  const steps = KEYS.map((key) => ({
    label: STEPS[key].label,
    isDone: done.includes(key),
    isNext: key === next,
  }));
  const locals = { steps, done: done.length, next: next && { ...STEPS[next], href: hrefOf(next) } };
  return { view: 'play/sections/tour', locals };
}

/** Puts the bar away, or brings it back. */
export function showTour(_deps: unknown, request: Request, response: Response): void {
  const form = Form.safeParse(request.body).data;
  const { tour = { done: [], isHidden: false } } = request.session;
  request.session.tour = { ...tour, isHidden: form?.tour === 'hide' };
  response.redirect(303, '/play');
}
