import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import type { Example } from './find-examples.ts';
import { root } from './read-pages.ts';

export interface WrittenExample extends Example {
  file: string;
}

const RELATIVE_IMPORT = /(from |import |import\(|module )'(\.[^']+)'/g;

/**
 * Writes examples into a folder of their own, with the imports turned to where things are: an earlier
 * example of the same page, else the project. Lines stay lines.
 */
export function writeExamples(examples: readonly Example[]): {
  folder: string;
  written: WrittenExample[];
} {
  const results = join(root, 'test-results');
  mkdirSync(results, { recursive: true });
  const folder = mkdtempSync(join(results, 'docs-'));
  const written = examples.map((example) => ({
    ...example,
    file: join(folder, `${example.page.replaceAll('/', '-')}-${example.line}.ts`),
  }));

  function locate(target: string, from: WrittenExample): string {
    const earlier = written.findLast(
      ({ page, path, line }) => page === from.page && path === target && line < from.line,
    );
    return earlier?.file ?? join(root, target);
  }

  for (const example of written) {
    const code = example.code.replace(RELATIVE_IMPORT, (_, keyword: string, specifier: string) => {
      const target = posix.join(posix.dirname(example.path), specifier);
      const path = relative(dirname(example.file), locate(target, example)).replaceAll('\\', '/');
      return `${keyword}'${path.startsWith('.') ? path : `./${path}`}'`;
    });
    writeFileSync(example.file, code);
  }
  return { folder, written };
}
