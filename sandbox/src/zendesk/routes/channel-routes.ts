import { Router } from 'express';
import { participantOf } from '../../platform/conversations/conversations.ts';
import type { Platform } from '../../platform/create-platform.ts';
import { getUser } from '../../platform/people/users.ts';
import { ApiError } from '../../refused.ts';
import { stableId } from '../../state/values.ts';
import type { Operations } from '../create-operations.ts';
import { findConversation, parseBody } from '../read-request.ts';
import { conversionEventsBody, downloadBody } from '../bodies/conversation-bodies.ts';

interface RoutesOptions {
  platform: Platform;
  operations: Operations;
}

/** What passes through to the channel of one provider. */
export function createChannelRoutes({ platform, operations: { operation } }: RoutesOptions) {
  const { state } = platform;
  const router = Router({ mergeParams: true });

  router.post(
    '/conversionEvents',
    operation('PostConversionEvents', (caller, request) => {
      const { id, participants } = findConversation(state, caller, request);
      const { whatsapp } = parseBody(conversionEventsBody, request.body);
      const clients = participants.flatMap(({ clientIds }) => clientIds);
      const hasPhone = clients.some((one) => state.channelClients.get(one)?.type === 'whatsapp');
      if (!whatsapp || !hasPhone) {
        throw new ApiError(400, 'bad_request', 'No participant has a client of this channel');
      }
      const eventsReceived = whatsapp.payload.data.length;
      const conversionEvents = { datasetId: stableId(`${id}:dataset`), eventsReceived };
      return { status: 200, body: { conversionEvents } };
    }),
  );

  router.post(
    '/download',
    operation('DownloadMessageRef', (caller, request) => {
      const conversation = findConversation(state, caller, request);
      const { userId } = parseBody(downloadBody, request.body);
      const user = getUser(state, caller.account, { userId });
      if (!participantOf(conversation, user)) {
        throw new ApiError(404, 'user_not_found', 'User not found');
      }
      const title =
        'DownloadMessageRef is not in the sandbox: it works for Apple Messages alone, and the sandbox has no such channel';
      throw new ApiError(501, 'not_implemented', title);
    }),
  );

  return router;
}
