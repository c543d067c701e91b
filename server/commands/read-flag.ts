import { parseArgs } from 'node:util';
import { messageOf, OperatorError } from '../errors.ts';

/** Whether the command was given its only option, `--{name}`. @throws OperatorError for any other. */
export function readFlag(name: string): boolean {
  try {
    return parseArgs({ options: { [name]: { type: 'boolean' } } }).values[name] === true;
  } catch (error) {
    throw new OperatorError(messageOf(error), { cause: error });
  }
}
