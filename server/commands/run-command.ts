import { parseArgs, type ParseArgsConfig } from 'node:util';
import { explainFailure, messageOf, OperatorError } from '../errors.ts';

export type Print = (line: string) => void;

/**
 * Runs a command of ours to its end: what it prints, and the exit code it returns; 1 when it fails. Ends
 * the process, whatever still hangs in it, such as a host that never answers.
 */
export async function runCommand(work: (print: Print) => Promise<number>): Promise<never> {
  // Whoever reads along may leave, as `head` does; the work goes on all the same.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const print: Print = (line) => void process.stdout.write(`${line}\n`);
  const code = await work(print).catch((error: unknown) => {
    process.stderr.write(`${explainFailure(error)}\n`);
    return 1;
  });
  // What was written to a pipe may still be on its way.
  await new Promise((written) => process.stdout.write('', written));
  process.exit(code);
}

/** What the command was given: one file at most. @throws OperatorError for what it does not know. */
export function readArguments<const Config extends ParseArgsConfig>(config: Config) {
  const given = parse(config);
  const [, second] = given.positionals;
  if (second === undefined) return given;
  // npm keeps options that stand before `--` for itself, and hands on what followed them.
  throw new OperatorError(
    `Unexpected argument '${second}': this command takes one file. With npm, options for it stand behind --: npm run restore -- <file> --option …`,
  );
}

function parse<const Config extends ParseArgsConfig>(config: Config) {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new OperatorError(messageOf(error), { cause: error });
  }
}
