import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

export type Ask = (text: string, options: { hidden: boolean }) => Promise<string>;

/** Ctrl-C, or the end of the input, before every question was answered. */
export class SetupCancelledError extends Error {}

/** Questions on a terminal; the answer to a hidden one does not appear. */
export function createPrompt(terminal: {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
}): { ask: Ask; close(): void } {
  let hidden = false;
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!hidden) terminal.output.write(chunk);
      done();
    },
  });
  const lines = createInterface({
    input: terminal.input,
    output,
    terminal: true,
    // The arrow keys would bring a hidden answer back where answers are shown.
    historySize: 0,
  });
  const ended = new AbortController();
  lines.once('SIGINT', () => ended.abort());
  lines.once('close', () => ended.abort());

  return {
    async ask(text, options) {
      try {
        const answer = lines.question(text, { signal: ended.signal });
        hidden = options.hidden;
        return await answer;
      } catch (error) {
        if (!ended.signal.aborted) throw error;
        throw new SetupCancelledError('Nothing was written.', { cause: error });
      } finally {
        if (hidden) terminal.output.write('\n');
        hidden = false;
      }
    },
    close: () => lines.close(),
  };
}
