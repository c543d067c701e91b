import type { Request } from 'express';
import type { Core } from '../../core.ts';
import type { HomeParts } from '../cards.ts';
import { listAnswers } from './answers.ts';
import type { Journal } from './journal.ts';
import { findPlayed } from './played.ts';
import { readExcerpt } from './sources.ts';
import { describeStations } from './stations.ts';

const BOT = { file: 'server/bot/on-message.ts', from: 'import type', lines: 10 };
const SAMPLE = 'Do you ship to Lisbon?';
/** What the bot says last, as a text with the customer's words in it. */
const LAST_REPLY = /.*reply\(`([^`]+)`/s;

/** The front page's first button, a small journey beside its promise, and the bot with what it answers. */
export async function describeHome(
  core: Core & { journal: Journal },
  request: Request,
): Promise<HomeParts> {
  const { journal, now, config } = core;
  const installation = await findPlayed(core, request);
  const journeys = installation === undefined ? [] : journal.list(installation.id);
  const answered = journeys.find((one) => listAnswers(one).length > 0);
  const excerpt = await readExcerpt(core, BOT);
  const code = excerpt?.pieces.map((piece) => piece.code).join('') ?? '';
  return {
    button: {
      href: '/play',
      label: installation === undefined ? 'Try the demo' : 'Go on playing',
      hint:
        installation === undefined
          ? 'One click, no account, nothing to sign up for'
          : 'Your chat, and what became of each message',
    },
    figure: {
      view: 'play/sections/miniature',
      locals: {
        stations: describeStations(answered, now()),
        words: answered?.words ?? SAMPLE,
        isOwn: answered !== undefined,
        totals: journal.totals(),
      },
    },
    section: {
      id: 'code',
      view: 'play/sections/bot',
      locals: {
        excerpt,
        isPublicDemo: config.sandbox?.isPublicDemo,
        said: answered?.words ?? SAMPLE,
        answer:
          answered === undefined ? answerOf(code, SAMPLE) : listAnswers(answered).at(0)?.words,
      },
    },
  };
}

/** What these very lines say to a text; undefined where they say it in another way than by one text. */
export function answerOf(code: string, text: string): string | undefined {
  const answer = LAST_REPLY.exec(code)?.[1]?.replaceAll('${message.text}', text);
  return answer?.includes('${') ? undefined : answer;
}
