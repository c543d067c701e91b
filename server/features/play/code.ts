import { parseJson } from '../../parse-json.ts';
import { REPLY_KEY } from '../../runtime/outbox.ts';
import { nameSecret } from '../shared/secret-names.ts';

/** A piece of a text, and how it is coloured; plain without a kind. */
export interface Piece {
  code: string;
  kind?: 'string' | 'name' | 'word' | 'number' | 'comment';
}

const TOKEN =
  /(?<comment>\/\/.*|\/\*[\s\S]*?\*\/|^\s*\*.*)|(?<name>"(?:[^"\\]|\\.)*"(?=\s*:))|(?<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|\/\^(?:[^/\\\n]|\\.)+\/\w*)|(?<number>\b\d[\d_.]*\b)|(?<word>\b(?:async|await|break|case|catch|const|else|export|false|finally|for|function|if|import|from|in|let|new|null|of|return|switch|throw|true|try|type|typeof|undefined|while)\b)/gm;

/** JSON or TypeScript in pieces, for colours. */
export function highlight(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    if (match.index > end) pieces.push({ code: text.slice(end, match.index) });
    const kinds = ['comment', 'name', 'string', 'number', 'word'] as const;
    const kind = kinds.find((one) => match.groups?.[one] !== undefined);
    pieces.push({ code: match[0], ...(kind !== undefined && { kind }) });
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push({ code: text.slice(end) });
  return pieces;
}

/** The members by which one understands a call; what is around them is folded. */
const TELLING = new Set(
  `type author content text actions payload metadata ${REPLY_KEY} messages message events event id received title status code switchboardIntegration reason errors postback displayName`.split(
    ' ',
  ),
);
const FEW_LINES = 16;
const MAX_LENGTH = 20_000;

/** A body to read: the lines that matter, and all of it where that is more. */
export function fold(body: string | null): { short: Piece[]; all?: Piece[] } | undefined {
  if (body === null || body === '') return undefined;
  const parsed = parseJson(body.slice(0, MAX_LENGTH));
  if (parsed === undefined) return { short: highlight(body.slice(0, 300)) };
  const whole = spell(hideSecrets(parsed));
  if (whole.split('\n').length <= FEW_LINES) return { short: highlight(whole) };
  return { short: highlight(spell(pick(hideSecrets(parsed)))), all: highlight(whole) };
}

/** As `JSON.stringify`, with short lists and objects on one line. */
function spell(value: unknown): string {
  const text = JSON.stringify(value, null, 2) ?? '';
  return text.replaceAll(/[{[][^{}[\]]*[}\]]/g, (inner) => {
    const line = inner.replaceAll(/\s*\n\s*/g, ' ');
    return line.length <= 64 ? line : inner;
  });
}

function hideSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hideSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      nameSecret(name) === undefined ? hideSecrets(inner) : '•••',
    ]),
  );
}

function pick(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 2).map(pick);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => TELLING.has(name));
  return Object.fromEntries(entries.map(([name, inner]) => [name, pick(inner)]));
}
