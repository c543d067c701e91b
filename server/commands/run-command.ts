import { explainFailure } from '../errors.ts';

export type Print = (line: string) => void;

/** Runs a command of ours to its end: what it prints, and the exit code it answers; 1 when it fails. */
export async function runCommand(work: (print: Print) => Promise<number>): Promise<void> {
  try {
    process.exitCode = await work((line) => void process.stdout.write(`${line}\n`));
  } catch (error) {
    process.stderr.write(`${explainFailure(error)}\n`);
    process.exitCode = 1;
  }
}
