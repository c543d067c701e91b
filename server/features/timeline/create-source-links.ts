import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findDefinition } from './find-definition.ts';

/** The address of a function in the source pages; null when there are none, or no such file. */
export type LinkToSource = (file: string, functionName: string) => string | null;

/**
 * Links to the pages of show-source.ts, which exist in sandbox mode only: a bot in production does not
 * publish its source. The files do not change while the app runs, so each is read once.
 */
export function createSourceLinks(options: { root: string; published: boolean }): LinkToSource {
  const known = new Map<string, string | null>();

  function find(file: string, functionName: string): string | null {
    const path = join(options.root, file);
    // A compiled app may have been deployed without its source.
    if (!existsSync(path)) return null;
    const definition = findDefinition(readFileSync(path, 'utf8'), functionName);
    const line = definition === undefined ? '' : `#L${definition.first}`;
    return `/source/${file}?function=${functionName}${line}`;
  }

  return (file, functionName) => {
    if (!options.published) return null;
    const key = `${file} ${functionName}`;
    const link = known.get(key) ?? find(file, functionName);
    known.set(key, link);
    return link;
  };
}
