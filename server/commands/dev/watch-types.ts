import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** By then the compiler has seen a change, or there was nothing in it that it had not seen. */
const NOTICED_WITHIN_MS = 2_000;
/** Whoever writes a file has done so by then. */
const WRITTEN_WITHIN_MS = 200;

/** What `tsc` starts: without it in between, which on Node 20 leaves it running when it is killed itself. */
const findCompiler = async (root: string): Promise<string> => {
  const path = join(root, 'node_modules', 'typescript', 'lib', 'getExePath.js');
  const { default: getExePath }: { default: () => string } = await import(pathToFileURL(path).href);
  return getExePath();
};

/** Keeps the compiler at work beside the app, so that a changed file is checked in a moment. */
export async function watchTypes(root: string) {
  const project = join(root, 'server', 'commands', 'dev');
  const settings = ['--noEmit', '--watch', '--preserveWatchOutput', '--pretty', 'false'];
  const compiler = spawn(
    await findCompiler(root),
    // Several threads would each find out again what most types are.
    ['--project', project, '--singleThreaded', ...settings],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  process.on('exit', () => compiler.kill());
  const events = new EventEmitter();
  let isBusy = true;
  let begunAt = 0;
  let problems: string[] = [];
  createInterface({ input: compiler.stdout }).on('line', (line) => {
    if (/Starting (?:incremental )?compilation/.test(line)) {
      isBusy = true;
      begunAt = Date.now();
      problems = [];
      events.emit('begun');
    } else if (/Found \d+ errors?\. Watching/.test(line)) {
      isBusy = false;
      events.emit('checked');
    } else if (line.trim() !== '') {
      problems.push(line);
    }
  });

  return {
    /**
     * What the compiler has against the files as they are since a change, in epoch milliseconds:
     * `file(line,column): error …`, a line each.
     */
    async findProblems(changedAt: number): Promise<readonly string[]> {
      if (begunAt < changedAt) await begun(NOTICED_WITHIN_MS);
      while (isBusy) {
        await once(events, 'checked');
        // It may have read a file that was being written: then it begins again at once.
        if (problems.length > 0) await begun(WRITTEN_WITHIN_MS);
      }
      return problems;
    },
  };

  /** Resolves when the compiler begins, or has not for so long. */
  async function begun(withinMs: number): Promise<void> {
    const signal = AbortSignal.timeout(withinMs);
    await once(events, 'begun', { signal }).catch(() => {});
  }
}
