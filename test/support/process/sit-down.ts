import { PassThrough } from 'node:stream';
import { createPrompt } from '../../../server/commands/setup/prompt.ts';
import { waitUntil } from '../wait-until.ts';

/** Somebody at a terminal: real key strokes in, everything shown out. */
export function sitDown() {
  const input = new PassThrough();
  const output = new PassThrough();
  let shown = '';
  output.on('data', (chunk) => (shown += String(chunk)));
  const prompt = createPrompt({ input, output });
  let seen = 0;
  return {
    ask: prompt.ask,
    shown: () => shown,
    close: () => prompt.close(),
    /** Waits for the question, then types and presses Enter. */
    async answer(question: string, text: string): Promise<void> {
      await waitUntil(`${question} is asked\n${shown}`, () => shown.indexOf(question, seen) >= 0);
      seen = shown.length;
      input.write(`${text}\r`);
    },
    press: (key: string) => input.write(key),
  };
}
