import type { FeatureParts } from '../../features/feature.ts';
import type { InstallationStore } from '../../store/tables/installations.ts';
import type { Installation, InstallationStatus } from '../../store/schema.ts';

export interface Forgetting {
  installations: InstallationStore;
  parts: readonly FeatureParts[];
}

/**
 * The end of every uninstall, whoever began it: first what needs the tokens, then all of it goes, and one
 * line of activity stays. With `onlyIf` nothing happens to an installation that has left that status.
 */
export async function forget(
  { installations, parts }: Forgetting,
  { id }: Pick<Installation, 'id'>,
  text: string,
  onlyIf?: InstallationStatus,
): Promise<void> {
  await Promise.all(parts.map(({ beforeRemoval }) => beforeRemoval?.(id)));
  await installations.remove(id, { kind: 'removed', text }, onlyIf);
}
