/** One variable, as dotenv 16 has it: `NAME=value`, `export NAME=value` or `NAME: value`, then a comment. */
const ASSIGNMENT =
  /^\s*(?:export\s+)?([\w.-]+)(?:\s*=\s*?|:\s+?)(\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*`(?:\\`|[^`])*`|[^#\n]+)?\s*(?:#.*)?$/gm;

export interface EnvText {
  values: Record<string, string>;
  /** The numbers, from 1, of lines that are neither a variable nor a comment nor empty. */
  oddLines: number[];
}

/**
 * Reads the text of an `.env` as dotenv does, a byte order mark and line ends of Windows included. dotenv
 * passes over lines it does not understand; here they are counted.
 */
export function parseEnvText(given: string): EnvText {
  const text = given.replace(/\r\n?/g, '\n');
  const values: Record<string, string> = {};
  const oddLines: number[] = [];
  let end = 0;
  for (const match of text.matchAll(ASSIGNMENT)) {
    const [assignment, name = '', value = ''] = match;
    values[name] = unquote(value.trim());
    oddLines.push(...findOddLines(text, end, match.index));
    end = match.index + assignment.length;
  }
  oddLines.push(...findOddLines(text, end, text.length));
  return { values, oddLines };
}

function unquote(value: string): string {
  const inner = value.replace(/^(['"`])([\s\S]*)\1$/gm, '$2');
  return value.startsWith('"') ? inner.replaceAll('\\n', '\n').replaceAll('\\r', '\r') : inner;
}

function findOddLines(text: string, start: number, end: number): number[] {
  const before = text.slice(0, start).split('\n').length;
  return text
    .slice(start, end)
    .split('\n')
    .flatMap((line, index) => (/^\s*(#|$)/.test(line) ? [] : [before + index]));
}
