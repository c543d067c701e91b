import { Router } from 'express';
import type { Platform } from '../../platform/create-platform.ts';
import { listDevices, showChannelClient } from '../../platform/people-shapes.ts';
import { removeClient } from '../../platform/people/channels.ts';
import { requestLink } from '../../platform/people/links.ts';
import { participantOf } from '../../platform/conversations/conversations.ts';
import { ApiError } from '../../refused.ts';
import type { Operations } from '../create-operations.ts';
import { paginate, readPageQuery } from '../paginate.ts';
import { findUser, parseBody, pathParam } from '../read-request.ts';
import { clientCreateBody } from '../bodies/people-bodies.ts';

interface RoutesOptions {
  platform: Platform;
  operations: Operations;
  url: string;
}

/** How a user is reached: clients of channels, and the browsers behind that of the website. */
export function createClientRoutes({ platform, operations: { operation }, url }: RoutesOptions) {
  const { state } = platform;
  const router = Router({ mergeParams: true });

  router.get(
    '/clients',
    operation('ListClients', (caller, request) => {
      const user = findUser(state, caller, request);
      const { items, meta, links } = paginate(state.channelClientsByUser.get(user.id) ?? [], {
        query: readPageQuery(request.query),
        start: 'oldest',
        url: new URL(request.originalUrl, url),
      });
      return { status: 200, body: { clients: items.map(showChannelClient), meta, links } };
    }),
  );

  router.post(
    '/clients',
    operation('CreateClient', (caller, request) => {
      const user = findUser(state, caller, request);
      const { matchCriteria, confirmation, target } = parseBody(clientCreateBody, request.body);
      const { type, integrationId, primary: isPrimary } = matchCriteria;
      if (type !== 'whatsapp' || integrationId !== caller.account.whatsappIntegrationId) {
        throw new ApiError(404, 'integration_not_found', 'Integration not found');
      }
      const conversation = state.conversations.get(target.conversationId);
      if (!conversation || !participantOf(conversation, user)) {
        throw new ApiError(404, 'conversation_not_found', 'Conversation not found');
      }
      const client = requestLink(platform, user, {
        phoneNumber: matchCriteria.phoneNumber,
        conversation,
        isPrimary,
        confirmation: confirmation.type,
      });
      return { status: 201, body: { client: showChannelClient(client) } };
    }),
  );

  router.delete(
    '/clients/:clientId',
    operation('RemoveClient', (caller, request) => {
      const user = findUser(state, caller, request);
      const client = state.channelClients.get(pathParam(request, 'clientId'));
      if (client?.userId !== user.id) {
        throw new ApiError(404, 'client_not_found', 'Client not found');
      }
      if (client.type === 'sdk') {
        throw new ApiError(400, 'bad_request', "Cannot remove a client of type 'sdk'");
      }
      removeClient(platform, client, 'api');
      return { status: 200, body: {} };
    }),
  );

  router.get(
    '/devices',
    operation('ListDevices', (caller, request) => {
      const user = findUser(state, caller, request);
      return { status: 200, body: { devices: listDevices(state, user) } };
    }),
  );

  router.get(
    '/devices/:deviceId',
    operation('GetDevice', (caller, request) => {
      const id = pathParam(request, 'deviceId');
      const user = findUser(state, caller, request);
      const device = listDevices(state, user).find((one) => one.id === id);
      if (!device) throw new ApiError(404, 'device_not_found', 'Device not found');
      return { status: 200, body: { device } };
    }),
  );

  return router;
}
