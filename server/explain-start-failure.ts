import { ConfigError } from './config.ts';
import { messageOf } from './errors.ts';
import { PortTakenError } from './listen.ts';
import { DataFolderInUseError } from './store/instance-lock.ts';

/** Why the app did not start; with the stack, unless a stack would only hide the sentence that says how. */
export function explainStartFailure(error: unknown): string {
  const isExplained = [ConfigError, PortTakenError, DataFolderInUseError].some(
    (kind) => error instanceof kind,
  );
  const details = error instanceof Error && !isExplained ? `\n${error.stack}` : '';
  return `\nShopkeeper could not start. ${messageOf(error)}${details}\n`;
}
