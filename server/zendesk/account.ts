import { z } from 'zod';
import { conversationCalls } from './conversations.ts';
import type { AppCall, ZendeskRequest } from './request.ts';
import { userCalls } from './users.ts';
import { webhookCalls } from './webhooks.ts';

export type ZendeskAccount = ReturnType<typeof openAccount>;

/** Everything one installation may do in its Zendesk account. */
export function openAccount(
  request: ZendeskRequest,
  { baseUrl, appId, token }: { baseUrl: string; appId: string; token: string },
) {
  const call: AppCall = ({ path, ...rest }) =>
    request({ ...rest, token, url: `${baseUrl}/v2/apps/${encodeURIComponent(appId)}${path}` });
  return {
    webhooks: webhookCalls(call),
    conversations: conversationCalls(call),
    users: userCalls(call),
    /** Uninstalls us: kills the token, removes our webhooks, fires the remove callback (OpenAPI RevokeAccess). */
    revokeAccess: () =>
      request({
        operation: 'RevokeAccess',
        method: 'DELETE',
        url: `${baseUrl}/oauth/authorization`,
        token,
        answer: z.unknown(),
      }),
  };
}
