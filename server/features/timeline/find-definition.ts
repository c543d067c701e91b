/** Lines of a file, counted from 1. */
export interface LineRange {
  first: number;
  last: number;
}

/**
 * Where a function, class or method is defined. Relies on the formatter: a definition is followed by
 * lines that are indented further, and by closing brackets at its own depth.
 */
export function findDefinition(source: string, name: string): LineRange | undefined {
  const lines = source.split('\n');
  const statement = new RegExp(`^\\s*(?:export )?(?:async )?(?:function|const|class) ${name}\\b`);
  const member = new RegExp(`^\\s+(?:async ${name}\\(|${name}\\(.*\\{$|${name}: (?:async )?\\()`);
  const isDefinition = (line: string) => statement.test(line) || member.test(line);
  const first = lines.findIndex(isDefinition);
  if (first === -1) return undefined;
  const depth = depthOf(lines[first] ?? '');
  const rest = lines.slice(first + 1);
  const end = rest.findIndex((line) => depthOf(line) <= depth && !isClosing(line, depth));
  const body = end === -1 ? rest : rest.slice(0, end);
  return { first: first + 1, last: first + 2 + body.findLastIndex((line) => line !== '') };
}

/** A blank line is as deep as need be: it ends nothing. */
function depthOf(line: string): number {
  return line === '' ? Infinity : line.search(/\S/);
}

function isClosing(line: string, depth: number): boolean {
  return depthOf(line) === depth && /^[}\])]/.test(line.trimStart());
}
