import { execFile } from 'node:child_process';
import {
  cp,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What is not of the project: installed, built, stored, or of version control. */
const NOT_COPIED = new Set(['node_modules', 'dist', 'data', '.git', '.env']);

/** One thing to delete: a path as a whole, or of a file the lines or the paragraphs with these words. */
export interface Deletion {
  path: string;
  what: 'all' | 'lines' | 'paragraphs';
  words: string;
}

/**
 * The lists of docs/make-it-yours.md: a block of text below each heading, a line for each thing to delete.
 * `path` is a file or folder, `path: words` the lines with these words, `path ¶ words` the paragraph.
 */
export function readDeletions(page: string): Map<string, Deletion[]> {
  const lists = new Map<string, Deletion[]>();
  for (const [, heading = '', block = ''] of page.matchAll(
    /^### ([^\n]+)\n(?:(?!###|```)[^\n]*\n)*```text\n([^`]*)```/gm,
  ))
    lists.set(heading, block.trim().split('\n').map(readDeletion));
  return lists;
}

function readDeletion(line: string): Deletion {
  const [, path = '', sign, words = ''] = /^(\S+?)(?:(:| ¶) (.+))?$/.exec(line) ?? [];
  return { path, what: sign === undefined ? 'all' : sign === ':' ? 'lines' : 'paragraphs', words };
}

/**
 * Several lists as one: what stands in two of them is deleted once, lines before whole files, which another list
 * may take, and what is in a folder before the folder.
 */
export function inOneGo(all: readonly Deletion[]): Deletion[] {
  const once = new Map(all.map((one) => [`${one.what} ${one.path} ${one.words}`, one]));
  const depth = ({ what, path }: Deletion) =>
    what === 'all' ? path.length : Number.MAX_SAFE_INTEGER;
  return [...once.values()].toSorted((a, b) => depth(b) - depth(a));
}

/** Does what a line says. Throws when there is nothing of the kind: the page would not be true. */
export async function apply(root: string, { path, what, words }: Deletion): Promise<void> {
  const file = join(root, path);
  await stat(file);
  if (what === 'all') return await rm(file, { recursive: true });
  const text = await readFile(file, 'utf8');
  const separator = what === 'lines' ? '\n' : '\n\n';
  const parts = text.split(separator);
  const left = parts.filter((part) => !part.includes(words));
  if (left.length === parts.length) throw new Error(`${path} has no “${words}”`);
  // The file may be a link to the original's.
  await unlink(file);
  await writeFile(file, left.join(separator));
}

/** A copy of the project in an empty folder, with the original's dependencies. */
export async function copyProject(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from))
    if (!NOT_COPIED.has(name))
      await cp(join(from, name), join(to, name), {
        recursive: true,
        filter: (source) => !source.endsWith('/node_modules') && !source.endsWith('/dist'),
      });
  await symlink(join(from, 'node_modules'), join(to, 'node_modules'), 'dir');
}

const run = promisify(execFile);

/** Runs one of the project's tools in a copy. Throws with all it printed when it fails. */
export async function runTool(
  root: string,
  tool: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<void> {
  const command = [join(root, 'node_modules', tool), ...args];
  await run(process.execPath, command, {
    cwd: root,
    env: { ...process.env, ...env },
    maxBuffer: 50 * 1024 * 1024,
  }).catch((error: unknown) => {
    const { stdout, stderr } = Object(error);
    throw new Error(`${tool} ${args.join(' ')} failed:\n${stdout}\n${stderr}`);
  });
}
