import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { Log } from '../../log.ts';
import { columnText } from '../../text.ts';
import type { InstallationStore } from '../../store/tables/installations.ts';
import { doubtToken, type Doubting } from './check.ts';

/** What Zendesk posts to the remove URL ("Building a marketplace bot", Integration removed callback). */
const RemoveCallback = z.looseObject({
  appId: columnText.min(1).max(200),
  integrationId: columnText.min(1).max(200),
});

/**
 * The remove URL. It may be called twice, late, or by anybody: well-formed input gets the same 200
 * whether we know the app or not, and what is true is asked of Zendesk.
 */
export function receiveRemoveCallback(
  deps: Doubting & { installations: InstallationStore; log: Log },
): RequestHandler {
  return async (request, response) => {
    const callback = RemoveCallback.safeParse(request.body);
    if (!callback.success) {
      response.status(400).json({ error: 'Expected JSON with appId and integrationId.' });
      return;
    }
    const installation = await deps.installations.findByAppId(callback.data.appId);
    if (installation !== undefined) {
      deps.log.info(
        { requestId: response.locals['requestId'], installationId: installation.id },
        'A remove callback arrived; asking Zendesk.',
      );
      await doubtToken(deps, installation.id, { isReported: true });
    }
    response.json({});
  };
}
