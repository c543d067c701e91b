import type { RequestHandler } from 'express';
import type { Log } from '../log.ts';
import type { InstallationStore } from '../store/installations.ts';
import { RemoveCallback, type ScheduleRemovalCheck } from './check-removal.ts';

/**
 * The remove URL. It may be called twice, late, or by anybody: well-formed input gets the same 200
 * whether we know the app or not, and what is true is asked of Zendesk.
 */
export function createReceiveRemoveCallback(options: {
  installations: InstallationStore;
  scheduleRemovalCheck: ScheduleRemovalCheck;
  log: Log;
}): RequestHandler {
  return async (request, response) => {
    const callback = RemoveCallback.safeParse(request.body);
    if (!callback.success) {
      response.status(400).json({ error: 'Expected JSON with appId and integrationId.' });
      return;
    }
    const installation = await options.installations.findByAppId(callback.data.appId);
    if (installation !== undefined) {
      options.log.info(
        { requestId: response.locals['requestId'], installationId: installation.id },
        'A remove callback arrived; asking Zendesk.',
      );
      await options.scheduleRemovalCheck(installation.id);
    }
    response.json({});
  };
}
