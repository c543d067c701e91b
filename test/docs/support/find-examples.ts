import type { Page } from './read-pages.ts';

/** A block of TypeScript in a page. */
export interface Example {
  page: string;
  /** Of its first line in the page, counted from 1. */
  line: number;
  /** Which file of the project it would be. */
  path: string;
  code: string;
}

const BLOCK = /^```ts\n([\s\S]*?)^```$/gm;
const PATH_COMMENT = /^\/\/ (\S+\.ts)\n/;

/**
 * Every block of TypeScript is a whole file, and its first line says which: `// server/bot/on-start.ts`.
 * Its imports are those of that place.
 * @throws when the first line says nothing of the kind.
 */
export function findExamples({ path: page, text }: Page): Example[] {
  return [...text.matchAll(BLOCK)].map(({ 1: code = '', index }) => {
    const line = text.slice(0, index).split('\n').length + 1;
    const path = PATH_COMMENT.exec(code)?.[1];
    if (path === undefined)
      throw new Error(`${page}:${line}: the first line of an example is the path of its file.`);
    return { page, line, path, code };
  });
}
