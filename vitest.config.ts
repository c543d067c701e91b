import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const ALL = ['test/**/*.test.ts', 'sandbox/test/**/*.test.ts'];
/** They copy, compile and run the project once for each thing one can delete: `npm run test:deletion`. */
const DELETIONS = ['test/deletion.test.ts', 'sandbox/test/services/deletion.test.ts'];
/** They install other people's clients first: `npm run test:clients`. */
const CLIENTS = ['test/clients/**/*.test.ts'];

/** They make the pictures of the docs anew: `npm run pictures`. */
const PICTURES = ['test/browser/account-page.test.ts', 'test/browser/apps-portal.test.ts'];

const FILES: Record<string, { include: string[]; env?: Record<string, string> }> = {
  deletion: { include: DELETIONS },
  clients: { include: CLIENTS },
  pictures: { include: PICTURES, env: { SCREENSHOTS: '1' } },
};

/**
 * Most code runs too seldom for V8's optimizing compiler to pay: in Node 20 it gets what runs fifteen times as
 * often as is usual. Later ones have other names for that, so there it gets nothing.
 */
const OPTIMIZE_SELDOM = process.version.startsWith('v20.')
  ? '--interrupt-budget=1000000'
  : '--no-opt';

/**
 * Playwright leaves an AsyncLocalStorage on, which before Node 24 makes every promise of the process dearer:
 * seven percent of all the work. So the files that need Chromium come last.
 */
class ChromiumLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const needsChromium = ({ moduleId }: TestSpecification): boolean =>
      readFileSync(moduleId, 'utf8').includes('hasChromium()');
    // Vitest's own, which does not change the list.
    // oxlint-disable-next-line unicorn/no-array-sort
    const sorted = await super.sort(files);
    return [...sorted.filter((file) => !needsChromium(file)), ...sorted.filter(needsChromium)];
  }
}

export default defineConfig(({ mode }) => ({
  // The sandbox from its source, as tsconfig.json has it.
  resolve: { tsconfigPaths: true },
  test: {
    ...(FILES[mode] ?? { include: ALL, exclude: [...DELETIONS, ...CLIENTS] }),
    globalSetup: [
      'test/support/temporary-folder.ts',
      'test/support/global-setup.ts',
      ...(mode === 'clients' ? ['test/clients/install.ts'] : []),
    ],
    setupFiles: 'test/support/network/deny-network.ts',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // To look through the heap again and again for what tests left costs more than to leave it, up to 1.5 GB.
    execArgv: [OPTIMIZE_SELDOM, '--max-semi-space-size=64', '--initial-old-space-size=1500'],
    // Many tests wait for a process, a clock or a database, where nobody else needs the processor.
    maxWorkers: 2,
    maxConcurrency: 2,
    // Loading the app and its packages anew for each file would cost more than most files do. So files
    // share modules: what a test patches it puts back, and spies take the place of module mocks.
    isolate: false,
    sequence: { sequencer: ChromiumLast },
  },
}));
