import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Core } from '../../core.ts';
import { highlight, type Piece } from './code.ts';

/** Where in our own source something happens: the line that has `from`, and how many. */
export interface Place {
  file: string;
  from: string;
  lines: number;
}

interface Excerpt {
  file: string;
  firstLine: number;
  pieces: Piece[];
}

/**
 * The lines of this very app, as they are on the disk now. Undefined when it was deployed without its
 * source, or the line is gone.
 */
export async function readExcerpt(
  { root }: Pick<Core, 'root'>,
  { file, from, lines }: Place,
): Promise<Excerpt | undefined> {
  const path = join(root, file);
  if (!existsSync(path)) return undefined;
  const all = (await readFile(path, 'utf8')).trimEnd().split('\n');
  const first = all.findIndex((line) => line.includes(from));
  if (first === -1) return undefined;
  const text = all.slice(first, first + lines).join('\n');
  return { file, firstLine: first + 1, pieces: highlight(text.trimEnd()) };
}
