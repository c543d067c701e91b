import { AppError } from '../errors.ts';
import type { InstallationStore } from '../store/installations.ts';
import type { Installation } from '../store/schema.ts';
import type { LeaveZendesk } from './leave-zendesk.ts';

export type Disconnect = (installation: Installation) => Promise<void>;

/**
 * Uninstalls from our side: revokes at Zendesk first, and only then forgets, so that a failure leaves
 * something to try again with. Zendesk sends the remove callback for this as well, in any order.
 * @throws AppError when Zendesk could not be reached.
 */
export function createDisconnect(options: {
  installations: InstallationStore;
  leaveZendesk: LeaveZendesk;
}): Disconnect {
  const { installations, leaveZendesk } = options;
  return async (installation) => {
    const { id, status, display_name: name } = installation;
    await installations.setStatus(id, [status], 'removing');
    try {
      await leaveZendesk.revoke(installation);
    } catch (error) {
      await installations.setStatus(id, ['removing'], status);
      // Our own failure, a lost key for one, explains itself.
      if (error instanceof AppError) throw error;
      throw new AppError(
        'zendesk_unreachable',
        'Zendesk could not be told to disconnect.',
        'Nothing was changed. Try again in a moment.',
        { cause: error },
      );
    }
    await leaveZendesk.forget(installation, `${name} was disconnected by its owner.`);
  };
}
