import type { InstallationStore } from '../store/installations.ts';
import type { Installation } from '../store/schema.ts';
import { RemoteError } from '../remote-error.ts';
import type { OpenAccount } from './open-account.ts';

export type LeaveZendesk = ReturnType<typeof createLeaveZendesk>;

/** The two halves of an uninstall from our side. */
export function createLeaveZendesk(options: {
  installations: InstallationStore;
  openAccount: OpenAccount;
  revokeConnections: (installationId: string) => Promise<void>;
}) {
  return {
    /** A token that Zendesk had revoked already counts as done. @throws when it could not be told. */
    async revoke(installation: Installation): Promise<void> {
      try {
        const account = await options.openAccount(installation);
        await account.revokeAccess();
      } catch (error) {
        if (!(error instanceof RemoteError) || error.status !== 401) throw error;
      }
    },

    /** Withdraws the access to other services, then leaves one line of activity and nothing else. */
    async forget({ id }: Installation, text: string): Promise<void> {
      await options.revokeConnections(id);
      await options.installations.remove(id, { kind: 'removed', text });
    },
  };
}
