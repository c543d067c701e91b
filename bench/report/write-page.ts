import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findProjectRoot } from '../../server/config/env-file.ts';
import { drawChart } from './draw-chart.ts';
import { printTable, type Table } from './print-table.ts';
import type { Results } from './report.ts';

/**
 * Puts what was measured into docs/performance.md, between the comments `<!-- figures: name -->` and
 * `<!-- end -->` of each table and of the machine, and draws the picture above them again.
 */
export async function writePage(
  { machine, receivers }: Results,
  tables: Record<string, Table>,
): Promise<void> {
  const docs = join(findProjectRoot(), 'docs');
  const page = join(docs, 'performance.md');
  const parts: Record<string, string> = receivers === undefined ? {} : { machine: `${machine}.` };
  for (const [name, table] of Object.entries(tables)) parts[name] = printTable(table);
  const text = await readFile(page, 'utf8');
  await writeFile(page, fillIn(text, parts));
  if (receivers === undefined) return;
  const bars = receivers.map(({ name, acksPerSecond }) => ({
    label: name,
    value: acksPerSecond,
    text: `${Math.round(acksPerSecond)} /s`,
    ours: name.startsWith('Shopkeeper'),
  }));
  const picture = drawChart('Deliveries acknowledged per second', bars);
  await writeFile(join(docs, 'performance.svg'), picture);
}

/** @throws Error when the page has no place for one of the parts */
export function fillIn(page: string, parts: Record<string, string>): string {
  let text = page;
  for (const [name, part] of Object.entries(parts)) {
    const [begin, end] = [`<!-- figures: ${name} -->`, '<!-- end -->'];
    const start = text.indexOf(begin);
    const stop = text.indexOf(end, start);
    if (start === -1 || stop === -1)
      throw new Error(`docs/performance.md has no place for ${name}.`);
    text = `${text.slice(0, start + begin.length)}\n\n${part}\n\n${text.slice(stop)}`;
  }
  return text;
}
