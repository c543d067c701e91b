/** Lists deeper than this are folded, unless they are short. */
const OPEN_DEPTH = 3;
const SHORT = 3;
/** What people look for is never folded. */
const SOUGHT = new Set(['"message"', '"content"', '"postback"']);

/** JSON as a page shows it, row by row: what is between `begin` and `end` folds. */
type JsonRow =
  | { kind: 'leaf'; name: string; type: 'string' | 'number' | 'literal' | 'empty'; text: string }
  | { kind: 'begin'; name: string; bracket: '{' | '['; size: number; isOpen: boolean }
  | { kind: 'end'; bracket: '}' | ']' };

export function toJsonRows(value: unknown, name = '', depth = 0): JsonRow[] {
  if (typeof value !== 'object' || value === null) return [toLeaf(name, value)];
  const isArray = Array.isArray(value);
  const entries = Object.entries(value);
  const size = entries.length;
  if (size === 0) return [{ kind: 'leaf', name, type: 'empty', text: isArray ? '[]' : '{}' }];
  const isOpen = depth < OPEN_DEPTH || size <= SHORT || SOUGHT.has(name);
  return [
    { kind: 'begin', name, bracket: isArray ? '[' : '{', size, isOpen },
    ...entries.flatMap(([key, item]) =>
      toJsonRows(item, isArray ? '' : JSON.stringify(key), depth + 1),
    ),
    { kind: 'end', bracket: isArray ? ']' : '}' },
  ];
}

function toLeaf(name: string, value: unknown): JsonRow {
  const type =
    typeof value === 'string' ? 'string' : typeof value === 'number' ? 'number' : 'literal';
  return { kind: 'leaf', name, type, text: JSON.stringify(value) };
}
