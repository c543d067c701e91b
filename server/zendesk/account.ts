import { Done, type RemoteCall, type RemoteRequest } from '../remote-call.ts';
import { conversationCalls } from './conversations.ts';
import { userCalls } from './users.ts';
import { webhookCalls } from './webhooks.ts';

/** A call within one app: the path is relative to `/v2/apps/{appId}`. */
export type AppCall = <Answer>(
  request: Omit<RemoteRequest<Answer>, 'url' | 'accessToken'> & { path: string },
) => Promise<Answer>;

export type ZendeskAccount = ReturnType<typeof openAccount>;

/** Everything one installation may do in its Zendesk account. */
export function openAccount(
  call: RemoteCall,
  { baseUrl, appId, token }: { baseUrl: string; appId: string; token: string },
) {
  const appCall: AppCall = ({ path, ...rest }) =>
    call({
      ...rest,
      accessToken: token,
      url: `${baseUrl}/v2/apps/${encodeURIComponent(appId)}${path}`,
    });
  return {
    webhooks: webhookCalls(appCall),
    conversations: conversationCalls(appCall),
    users: userCalls(appCall),
    /** Uninstalls us: kills the token, removes our webhooks, fires the remove callback (OpenAPI RevokeAccess). */
    revokeAccess: () =>
      call({
        operation: 'RevokeAccess',
        method: 'DELETE',
        url: `${baseUrl}/oauth/authorization`,
        accessToken: token,
        answer: Done,
      }),
  };
}
