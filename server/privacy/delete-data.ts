import type { Log } from '../log.ts';
import type { InstallationStore } from '../store/installations.ts';
import type { Installation } from '../store/schema.ts';
import type { LeaveZendesk } from '../installations/leave-zendesk.ts';

/** Answers whether Zendesk knows: if not, the bot is still installed there. */
export type DeleteData = (installation: Installation) => Promise<boolean>;

/**
 * Deletes everything stored of an installation, also when Zendesk cannot be told: whoever asks for that
 * must not have to wait for anybody.
 */
export function createDeleteData(options: {
  installations: InstallationStore;
  leaveZendesk: LeaveZendesk;
  log: Log;
}): DeleteData {
  const { installations, leaveZendesk } = options;
  return async (installation) => {
    const { id, status, display_name: name } = installation;
    await installations.setStatus(id, [status], 'removing');
    let isRevoked = true;
    try {
      await leaveZendesk.revoke(installation);
    } catch (error) {
      isRevoked = false;
      options.log.warn({ error, installationId: id }, 'Zendesk was not told of a deletion.');
    }
    await leaveZendesk.forget(installation, `The data of ${name} was deleted by its owner.`);
    return isRevoked;
  };
}
