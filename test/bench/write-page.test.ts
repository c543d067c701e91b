import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'oxfmt';
import { describe, expect, it } from 'vitest';
import { printTable } from '../../bench/report/print-table.ts';
import { toTables } from '../../bench/report/report.ts';
import { judgeTargets } from '../../bench/report/targets.ts';
import { fillIn } from '../../bench/report/write-page.ts';
import { findProjectRoot } from '../../server/config/env-file.ts';

const table = {
  head: ['', 'answers/s', '× naive'],
  rows: [
    ['naive bot', '1374', '1.00'],
    ['Shopkeeper on SQLite', '514', '0.37'],
  ],
};
const answers = { rssMb: 100, lost: 0, atRates: [] };

describe('the page of figures', () => {
  it('is given each table in its place, again and again, as `npm run format` would write it', async () => {
    const page = 'Above\n\n<!-- figures: answers -->\n\n<!-- end -->\n\nBelow\n';
    const written = fillIn(page, { answers: printTable(table) });
    expect(written).toContain('| Shopkeeper on SQLite |       514 |    0.37 |');
    expect((await format('page.md', written)).code).toBe(written);
    expect(fillIn(written, { answers: printTable(table) })).toBe(written);
    expect(fillIn(written, { answers: 'none' })).not.toContain('514');
  });

  it('is not written when it has no place for a table', () => {
    expect(() => fillIn('Nothing here.', { answers: 'x' })).toThrow(/no place for answers/);
  });

  it('has a place for each table of a run and of a soak', () => {
    const page = readFileSync(join(findProjectRoot(), 'docs/performance.md'), 'utf8');
    const names = ['machine', 'targets', 'acknowledging', 'growth', 'growth-postgres'];
    const more = ['answers', 'rates', 'start', 'pages', 'soak', 'small-heap'];
    for (const name of [...names, ...more])
      expect(() => fillIn(page, { [name]: '' })).not.toThrow();
  });

  it('says by how much a target is missed, above and below', () => {
    const { rows } = judgeTargets({
      machine: '',
      answers: [
        { name: 'naive', answersPerSecond: 1_000, cpuMicrosPerAnswer: 500, ...answers },
        { name: 'SQLite', answersPerSecond: 500, cpuMicrosPerAnswer: 750, ...answers },
        { name: 'PostgreSQL', answersPerSecond: 800, cpuMicrosPerAnswer: 700, ...answers },
      ],
    });
    expect(rows).toContainEqual([
      expect.stringMatching(/SQLite: answers/),
      '≥ 1.0',
      '0.50',
      '100 %',
    ]);
    expect(rows).toContainEqual([expect.stringMatching(/SQLite: CPU/), '≤ 1.0', '1.50', '50 %']);
    expect(rows).toContainEqual([
      expect.stringMatching(/PostgreSQL: answers/),
      '≥ 0.7',
      '0.80',
      'met',
    ]);
  });

  it('says of a soak what each carried in its turns, and who fell behind in which', () => {
    const rest = { heapMb: 27, rssMb: 200 };
    const carried = { perSecond: 1_000, p99Ms: 40, ...rest };
    const behind = { perSecond: 900, p99Ms: undefined, ...rest };
    const steady = [
      { name: 'naive', turns: [carried, behind], p99Ms: 40, lost: 0 },
      { name: 'SQLite', turns: [carried, carried], p99Ms: 40, lost: 0 },
    ];
    const { soak } = toTables({ machine: '', soaks: { steady, smallHeap: [] } });
    expect(soak?.head).toEqual(['messages/s · p99 ms', 'naive', 'SQLite']);
    expect(soak?.rows).toContainEqual(['turn 2', '900 · fell behind', '1000 · 40.0']);
  });
});
