import type { Core } from '../../core.ts';
import { spellDuration } from '../shared/spell-duration.ts';
import { listAnswers } from './answers.ts';
import { fold } from './code.ts';
import type { Attempt, Journey } from './journal.ts';
import { readExcerpt, type Place } from './sources.ts';
import { nameHandler, type StationKey } from './stations.ts';
import { listTries, type Entry } from './tries.ts';

const GUIDES = 'https://developer.zendesk.com/documentation/conversations/messaging-platform';
const REFERENCE = 'https://developer.zendesk.com/api-reference/conversations/#operation';

interface About {
  heading: string;
  lead: string;
  place?: Place;
  link?: { label: string; href: string };
}

const receiving = {
  label: 'Receiving messages',
  href: `${GUIDES}/programmable-conversations/receiving-messages/`,
};
const sending = {
  label: 'Sending messages',
  href: `${GUIDES}/programmable-conversations/sending-messages/`,
};

const ABOUT: Record<StationKey, About> = {
  wrote: {
    heading: 'The customer writes',
    lead: 'In your Messenger, on a phone, wherever Zendesk reaches them. Nothing here knows them yet.',
    link: receiving,
  },
  sent: {
    heading: 'Zendesk sends an event',
    lead: 'To the one address your bot registered, with the secret only the two of you know. No answer, and it comes again; so it may come twice.',
    link: receiving,
  },
  stored: {
    heading: 'Stored, then acknowledged',
    lead: 'Nothing is acknowledged that is not committed to the database. The same event a second time is acknowledged, and dropped.',
    place: {
      file: 'server/inbox/receive/receiver.ts',
      from: 'const body = await readBody',
      lines: 10,
    },
    link: receiving,
  },
  taken: {
    heading: 'A worker takes it',
    lead: 'One at a time in each conversation, many conversations at once. Whoever dies over it loses the lease, and another one takes it up.',
    place: { file: 'server/inbox/claim.ts', from: 'update events set', lines: 13 },
  },
  handled: {
    heading: 'Your code answers',
    lead: 'This is the file you edit. Save it while `npm run dev` runs, and ask again.',
    place: { file: 'server/bot/on-message.ts', from: 'export const onMessage', lines: 6 },
    link: sending,
  },
  called: {
    heading: 'Zendesk hears the answer',
    lead: 'Every reply has a number. After a failure the conversation is read first: what is there already is not sent again.',
    place: { file: 'server/runtime/outbox.ts', from: 'const number = ++count', lines: 11 },
    link: { label: 'PostMessage', href: `${REFERENCE}/PostMessage` },
  },
  answered: {
    heading: 'The customer reads it once',
    lead: 'Whatever happened in between.',
  },
};

/** Visitors have no checkout. */
const HANDLED_IN_DEMO = 'Whoever clones it changes this file, and has a bot of their own.';

const HANDLER_FILES: Record<string, Place> = {
  onPostback: { file: 'server/bot/on-postback.ts', from: 'export const onPostback', lines: 4 },
  onStart: { file: 'server/bot/on-start.ts', from: 'export const onStart', lines: 5 },
};

/** What happened at a station, the code that did it, and where it is documented. */
export async function describeStation(
  core: Pick<Core, 'root' | 'config'>,
  journey: Journey | undefined,
  key: StationKey,
) {
  const about = ABOUT[key];
  const handler = nameHandler(journey?.attempts.at(-1)) ?? '';
  const place = (key === 'handled' && HANDLER_FILES[handler]) || about.place;
  return {
    key,
    heading: about.heading,
    lead: key === 'handled' && core.config.sandbox?.isPublicDemo ? HANDLED_IN_DEMO : about.lead,
    link: about.link,
    entries: journey === undefined ? [] : listEntries(journey, key),
    excerpt: place && (await readExcerpt(core, place)),
  };
}

function listEntries(journey: Journey, key: StationKey): Entry[] {
  const { attempts, sentAt, deliveredAt, payload, words, type } = journey;
  const after = (at: number) => `after ${spellDuration(at - sentAt)}`;
  switch (key) {
    case 'wrote':
      return [{ title: `“${words}”`, meta: 'the customer’s words', isBad: false }];
    case 'sent':
      return deliveredAt.map((at, index) => ({
        title: index === 0 ? type : `${type}, again`,
        meta: after(at),
        isBad: false,
        ...(index === 0 && {
          line: 'POST /webhooks/{id}',
          request: fold(payload === '' ? null : `{"events":[${payload}]}`),
        }),
      }));
    case 'stored':
      return deliveredAt.map((at, index) => ({
        title: index === 0 ? 'Stored, 200 {}' : 'Known already: dropped, 200 {}',
        meta: after(at),
        isBad: false,
      }));
    case 'taken':
      return attempts.map((attempt) => ({
        title: `Attempt ${attempt.number}: ${describeEnd(attempt, attempt === attempts.at(-1))}`,
        meta: after(attempt.at),
        isBad: attempt.settled === undefined ? attempt !== attempts.at(-1) : isBad(attempt),
      }));
    case 'handled':
      return attempts.flatMap((attempt) => {
        const name = nameHandler(attempt);
        const left = attempt.notes.find(({ key: one }) => one === 'event-left-alone')?.text;
        const title = name === undefined ? left : `${name}, attempt ${attempt.number}`;
        if (title === undefined) return [];
        const took = attempt.settled && spellDuration(attempt.settled.at - attempt.at);
        return [{ title, meta: took ?? '', isBad: isBad(attempt) }];
      });
    case 'called':
      return listTries(attempts);
    case 'answered':
      return listAnswers(journey).map(({ words: answer, at }) => ({
        title: `“${answer}”`,
        meta: after(at),
        isBad: false,
      }));
  }
}

const isBad = ({ settled }: Attempt) => settled?.state === 'waiting' || settled?.state === 'failed';

function describeEnd({ settled }: Attempt, isLast: boolean): string {
  if (settled === undefined) return isLast ? 'at work' : 'cut off';
  return settled.note ?? settled.state;
}
