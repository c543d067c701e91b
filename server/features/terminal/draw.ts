import { styleText } from 'node:util';

const MARKS = {
  received: ['←', 'cyan'],
  sent: ['→', 'green'],
  done: ['·', 'gray'],
  failed: ['✗', 'red'],
  swapped: ['↻', 'green'],
  below: [' ', 'gray'],
} as const;

export type Mark = keyof typeof MARKS;

const ACCOUNT_WIDTH = 16;

/** A line for a person: `08:04:59  Acme Outdoor  ← “Do you ship to Lisbon?”`. Colours as NO_COLOR and the terminal have it. */
export function drawLine(line: {
  /** Epoch milliseconds; absent: the line goes on with the one above. */
  at?: number;
  account?: string;
  mark: Mark;
  text: string;
  rest?: string;
}): string {
  const { at, account = '', mark, text, rest = '' } = line;
  const clock = at === undefined ? '' : new Date(at).toLocaleTimeString('en-GB');
  const [sign, colour] = MARKS[mark];
  const parts = [
    styleText('gray', clock.padEnd(8)),
    // What is of no account begins where accounts do.
    at === undefined || account !== '' ? `${harmless(account).padEnd(ACCOUNT_WIDTH)} ` : '',
    styleText(colour, sign),
    mark === 'failed' ? styleText('red', harmless(text)) : harmless(text),
  ];
  const head = `${parts[0]}  ${parts[1]}${parts[2]} ${parts[3]}`;
  return `${rest === '' ? head : `${head}   ${styleText('gray', harmless(rest))}`}\n`;
}

/** What others wrote must not steer the terminal. */
export function harmless(text: string): string {
  return text.replace(/\p{Cc}/gu, '?');
}
