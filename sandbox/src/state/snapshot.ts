import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Changes } from './changes.ts';

const DEBOUNCE_MS = 1_000;

/** Builds from what the file holds, if there is one. A file that cannot be read is set aside and reported. */
export async function restore<Built>(
  file: string,
  build: (snapshot?: unknown) => Built,
  log: (line: string) => void,
): Promise<Built> {
  try {
    return build(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
      const aside = `${file}.broken-${Date.now()}`;
      await rename(file, aside);
      log(`the sandbox starts empty: ${file} could not be read and was set aside as ${aside}`);
    }
    return build();
  }
}

interface SnapshotWriterOptions {
  file: string;
  /** Of the file that is there already. */
  size?: number;
  toSnapshot: () => unknown;
  changes: Changes;
  log: (line: string) => void;
}

export type SnapshotWriter = ReturnType<typeof createSnapshotWriter>;

/** Writes the state a second after a change, never half: a finished copy takes the file's place. */
export function createSnapshotWriter(options: SnapshotWriterOptions) {
  const { file, size = 0, toSnapshot, changes, log } = options;
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();
  let held = size;
  let expected = 0;

  async function write() {
    try {
      await mkdir(dirname(file), { recursive: true });
      // It holds secrets, even if only a demo's.
      const text = JSON.stringify(toSnapshot());
      held = text.length;
      expected = 0;
      await writeFile(`${file}.tmp`, text, { mode: 0o600 });
      await rename(`${file}.tmp`, file);
    } catch (error) {
      log(`the sandbox could not write ${file}: ${String(error)}`);
    }
  }

  function writeNext() {
    timer = undefined;
    writing = writing.then(write);
    return writing;
  }

  function writeSoon() {
    timer ??= setTimeout(() => void writeNext(), DEBOUNCE_MS);
  }

  const unsubscribe = changes.subscribe(writeSoon);

  /** Writes no more. */
  async function stop() {
    unsubscribe();
    clearTimeout(timer);
    await writing;
  }

  return {
    /** How many characters there were when the state was written last, and what was expected since. */
    size: () => held + expected,
    /** Counts what is about to be taken in: many requests fit between one time of writing and the next. */
    expect(characters: number): void {
      expected += characters;
      writeSoon();
    },
    stop,
    /** Writes once more and stops. */
    async close() {
      await stop();
      await writeNext();
    },
  };
}
