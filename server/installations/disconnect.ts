import { AppError } from '../errors.ts';
import type { InstallationStore } from '../store/installations.ts';
import type { Installation } from '../store/schema.ts';
import { ZendeskError } from '../zendesk/zendesk-error.ts';
import type { OpenAccount } from './open-account.ts';

export type Disconnect = (installation: Installation) => Promise<void>;

/**
 * Uninstalls from our side: revokes at Zendesk first, and only then forgets, so that a failure leaves
 * something to try again with. Zendesk sends the remove callback for this as well, in any order.
 * @throws AppError when Zendesk could not be reached.
 */
export function createDisconnect(options: {
  installations: InstallationStore;
  openAccount: OpenAccount;
  revokeConnections: (installationId: string) => Promise<void>;
}): Disconnect {
  const { installations, openAccount } = options;
  return async (installation) => {
    const { id, status, display_name: name } = installation;
    await installations.setStatus(id, [status], 'removing');
    try {
      const account = await openAccount(installation);
      await account.revokeAccess();
    } catch (error) {
      const alreadyRevoked = error instanceof ZendeskError && error.status === 401;
      if (!alreadyRevoked) {
        await installations.setStatus(id, ['removing'], status);
        // Our own failure, a lost key for one, explains itself.
        if (error instanceof AppError) throw error;
        const hint = 'Nothing was changed. Try again in a moment.';
        throw new AppError(
          'zendesk_unreachable',
          'Zendesk could not be told to disconnect.',
          hint,
          { cause: error },
        );
      }
    }
    await options.revokeConnections(id);
    await installations.remove(id, {
      kind: 'removed',
      text: `${name} was disconnected by its owner.`,
    });
  };
}
