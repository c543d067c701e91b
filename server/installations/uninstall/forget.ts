import type { InstallationStore } from '../../store/tables/installations.ts';
import type { Installation, InstallationStatus } from '../../store/schema.ts';

export interface Forgetting {
  installations: InstallationStore;
  /** Withdraws the access to other services, as far as they can be reached. */
  revokeConnections: (installationId: string) => Promise<void>;
}

/**
 * The end of every uninstall, whoever began it: first what needs the tokens, then all of it goes, and one
 * line of activity stays. With `onlyIf` nothing happens to an installation that has left that status.
 */
export async function forget(
  { installations, revokeConnections }: Forgetting,
  { id }: Pick<Installation, 'id'>,
  text: string,
  onlyIf?: InstallationStatus,
): Promise<void> {
  await revokeConnections(id);
  await installations.remove(id, { kind: 'removed', text }, onlyIf);
}
