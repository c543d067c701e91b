import { ConfigError } from './config.ts';
import { messageOf } from './errors.ts';
import { PortTakenError } from './listen.ts';
import { OperatorError } from './operator-error.ts';
import { DataFolderInUseError } from './store/instance-lock.ts';

/** What the operator can put right; a stack would only hide the sentence that says how. */
const EXPLAINED = [ConfigError, PortTakenError, DataFolderInUseError, OperatorError];

/** The message of whatever ended a program, with the stack of what nobody expected. */
export function explainFailure(error: unknown): string {
  const isExplained = EXPLAINED.some((kind) => error instanceof kind);
  const details = error instanceof Error && !isExplained ? `\n${error.stack}` : '';
  return `${messageOf(error)}${details}`;
}
