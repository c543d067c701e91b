import { realpath, rename, rm, writeFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { parseEnvText } from '../../config/env-file.ts';
import { codeOf, messageOf, OperatorError } from '../../errors.ts';

/** The variables of an `.env` that have a value. */
export function readEnvText(text: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parseEnvText(text).values).filter(([, value]) => value !== ''),
  );
}

/**
 * Adds variables that have no value yet: on their empty line if there is one, else at the end. Every
 * other character stays as it is.
 * @throws Error when the text cannot take the variable, for example after a quote that is never closed.
 */
export function addToEnvText(text: string, additions: Record<string, string>): string {
  return Object.entries(additions).reduce(
    (merged, [name, value]) => addVariable(merged, name, value),
    text,
  );
}

function addVariable(text: string, name: string, value: string): string {
  const wanted = { ...readEnvText(text), [name]: value };
  const assignment = quote(value);
  const candidates = [fillEmptyLine(text, name, assignment), append(text, `${name}=${assignment}`)];
  const merged = candidates.find(
    (candidate) => candidate !== undefined && isDeepStrictEqual(readEnvText(candidate), wanted),
  );
  if (merged === undefined)
    throw new Error(`${name} cannot be added to .env: look for a quote that is never closed.`);
  return merged;
}

/** The last one counts, as it does when the file is read. */
function fillEmptyLine(text: string, name: string, assignment: string): string | undefined {
  const empty = new RegExp(
    `^([ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=)[ \\t]*(?:''|""|\`\`)?[ \\t]*(#[^\\r\\n]*)?(?=\\r?$)`,
    'gm',
  );
  const last = [...text.matchAll(empty)].at(-1);
  if (last === undefined) return undefined;
  const [line, start = '', comment] = last;
  const filled = `${start}${assignment}${comment === undefined ? '' : ` ${comment}`}`;
  return text.slice(0, last.index) + filled + text.slice(last.index + line.length);
}

function append(text: string, line: string): string {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const start = text === '' || text.endsWith('\n') ? text : `${text}${newline}`;
  return `${start}${line}${newline}`;
}

function quote(value: string): string {
  if (/^[\w.,:/@%+=~-]+$/.test(value)) return value;
  const mark = ["'", '"', '`'].find((candidate) => !value.includes(candidate)) ?? "'";
  return `${mark}${value}${mark}`;
}

/**
 * Replaces the file in one step, readable by its owner alone: whatever happens, either the old or the
 * new content is there. A link stays a link.
 * @throws OperatorError when it cannot be written.
 */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const draft = `${target}.${process.pid}.tmp`;
  try {
    await writeFile(draft, content, { mode: 0o600, flag: 'wx', flush: true });
    await rename(draft, target);
  } catch (error) {
    // What was there before is somebody else's.
    if (codeOf(error) !== 'EEXIST') await rm(draft, { force: true });
    throw new OperatorError(
      `${path} cannot be written, and is as it was: ${messageOf(error)}. Run this as the owner of its folder.`,
      { cause: error },
    );
  }
}
