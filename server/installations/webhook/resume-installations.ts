import type { Log } from '../../log.ts';
import type { InstallationStore } from '../../store/tables/installations.ts';
import { scheduleCheck, type Doubting } from '../uninstall/check.ts';
import { reconcileMovedWebhooks, type ReconcileWebhook } from './reconcile-webhook.ts';

/** At start: webhooks follow a changed PUBLIC_URL, and a removal that was under way goes on. */
export async function resumeInstallations(options: {
  publicUrl: string;
  installations: InstallationStore;
  reconcileWebhook: ReconcileWebhook;
  doubting: Doubting;
  log: Log;
}): Promise<void> {
  const { installations, log } = options;
  await reconcileMovedWebhooks({
    ...options,
    onFailure: ({ id }, error) =>
      log.error({ error, installationId: id }, 'A webhook could not be moved to PUBLIC_URL.'),
  });
  for (const { id, status } of await installations.list()) {
    if (status === 'removing') await scheduleCheck(options.doubting, id);
  }
}
