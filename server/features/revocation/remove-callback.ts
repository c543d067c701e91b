import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Core } from '../../core.ts';
import { columnText } from '../../text.ts';
import { doubtToken } from './doubt.ts';

/** What Zendesk posts to the remove URL ("Building a marketplace bot", Integration removed callback). */
const RemoveCallback = z.looseObject({
  appId: columnText.min(1).max(200),
  integrationId: columnText.min(1).max(200),
});

/**
 * The remove URL. It may be called twice, late, or by anybody: well-formed input gets the same 200
 * whether we know the app or not, and what is true is asked of Zendesk.
 */
export async function receiveRemoveCallback(core: Core, request: Request, response: Response) {
  const callback = RemoveCallback.safeParse(request.body);
  if (!callback.success) {
    response.status(400).json({ error: 'Expected JSON with appId and integrationId.' });
    return;
  }
  const installation = await core.installations.findByAppId(callback.data.appId);
  if (installation !== undefined) {
    const ids = { requestId: response.locals['requestId'], installationId: installation.id };
    core.log.info(ids, 'A remove callback arrived; asking Zendesk.');
    await doubtToken(core, installation.id, { isReported: true });
  }
  response.json({});
}
