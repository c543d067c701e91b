import { fold, type Piece } from './code.ts';
import type { Attempt, Call } from './journal.ts';
import { spellDuration } from '../shared/spell-duration.ts';

type Folded = ReturnType<typeof fold> | { short?: undefined; all: Piece[] };

/** One thing that happened at a station. */
export interface Entry {
  title: string;
  /** How long it took, or when it was. */
  meta: string;
  isBad: boolean;
  /** The line of a request, and what was sent and came back. */
  line?: string;
  request?: Folded;
  answer?: Folded;
}

const KILLED = 'Here the app was killed, and another one started';
const FOUND = 'The reply is there already: not sent again';

/** Each call to Zendesk, and what became of it. */
export function listTries(attempts: readonly Attempt[]): Entry[] {
  const seen = new Set<string>();
  return attempts.flatMap(({ number, notes }) =>
    notes.flatMap(({ call, key }): Entry[] => {
      if (key === 'killed') return [{ title: KILLED, meta: '', isBad: true }];
      if (key === 'reply-found') return [{ title: FOUND, meta: '', isBad: false }];
      if (call === undefined) return [];
      const isRepeated = seen.has(call.operation);
      seen.add(call.operation);
      return [describeCall(call, attempts.length > 1 ? number : undefined, isRepeated)];
    }),
  );
}

function unfolded(body: string | null): Folded {
  const folded = fold(body);
  return folded && { all: folded.all ?? folded.short };
}

/** What went well is folded, and so is what was sent before. */
function describeCall(call: Call, attempt: number | undefined, isRepeated: boolean): Entry {
  const { operation, status, method, url, durationMs, request, answer } = call;
  const result = status === null ? 'no answer' : String(status);
  const hasFailed = status === null || status >= 400;
  return {
    title: `${operation}: ${result}${attempt === undefined ? '' : `, attempt ${attempt}`}`,
    meta: spellDuration(durationMs),
    isBad: hasFailed,
    line: `${method} ${new URL(url).pathname.replaceAll(/[0-9a-f]{24,}/g, '…')}`,
    request: isRepeated ? unfolded(request) : fold(request),
    answer: hasFailed ? fold(answer) : unfolded(answer),
  };
}
