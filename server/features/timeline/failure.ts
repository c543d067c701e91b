import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { noteOf } from '../../inbox/retry.ts';
import { findOwnFrame, spellFrame, type Frame } from '../shared/own-frame.ts';
import type { Step } from './traces.ts';

/** On either side of the line that threw. */
const LINES_AROUND = 2;

/**
 * What a failed attempt leaves in its trace: the error, where in the project it was thrown, and the lines
 * there as they are now; where our source is nobody's business, without them.
 */
export function describeFailure(error: unknown, root: string, hasSources: boolean): Step['values'] {
  const name = error instanceof Error ? error.name : 'Error';
  const frame = findOwnFrame(error, root);
  const said = { error: `${name}: ${noteOf(error)}`, place: '', where: '' };
  if (frame === undefined) return said;
  const place = spellFrame(frame);
  return {
    ...said,
    place,
    where: ` at ${place}`,
    ...(hasSources ? readExcerpt(frame, root) : {}),
  };
}

function readExcerpt({ file, line }: Frame, root: string): Step['values'] {
  const first = Math.max(1, line - LINES_AROUND);
  try {
    const lines = readFileSync(join(root, file), 'utf8').split('\n');
    return { excerpt: lines.slice(first - 1, line + LINES_AROUND).join('\n'), first, line };
  } catch {
    return {};
  }
}
