import { styleText } from 'node:util';
import { harmless } from '../../log.ts';

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

interface Start {
  version: string;
  mode: string;
  /** What there is to open, or to edit. */
  places: readonly { name: string; address: string; note?: string }[];
  /** Since the process began. */
  ms: number;
}

/** What the terminal shows once the app answers. */
export function drawBanner({ version, mode, places, ms }: Start): string {
  const widthOf = (key: 'name' | 'address') =>
    Math.max(...places.map(({ [key]: text }) => text.length)) + 2;
  const [names, addresses] = [widthOf('name'), widthOf('address')];
  const rows = places.map(
    ({ name, address, note = '' }) =>
      `  ${styleText('green', '➜')} ${name.padEnd(names)}${styleText('cyan', note === '' ? address : address.padEnd(addresses))}${styleText('gray', note)}`,
  );
  const title = styleText(['bold', 'green'], 'Shopkeeper');
  return ['', `  ${title} ${version}   ${mode}   ready in ${ms} ms`, '', ...rows, '', ''].join(
    '\n',
  );
}
