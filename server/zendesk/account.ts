import { Done, type RemoteCall, type RemoteRequest } from '../remote-call.ts';
import { conversationCalls } from './conversations.ts';
import { userCalls } from './users.ts';
import { webhookCalls } from './webhooks.ts';

/** A call relative to an address, with the account's token. */
export type AppCall = <Answer>(
  request: Omit<RemoteRequest<Answer>, 'url' | 'accessToken'> & { path: string },
) => Promise<Answer>;

export type ZendeskAccount = ReturnType<typeof openAccount>;

/** Everything one installation may do in its Zendesk account. */
export function openAccount(
  call: RemoteCall,
  options: {
    baseUrl: string;
    appId: string;
    token: string;
    /** After a call failed: the base of a second attempt, or undefined when there is to be none. */
    findNewBaseUrl?: (error: unknown) => Promise<string | undefined>;
  },
) {
  const { appId, token: accessToken } = options;
  let { baseUrl } = options;

  const accountCall: AppCall = async ({ path, ...rest }) => {
    const send = () => call({ ...rest, accessToken, url: `${baseUrl}${path}` });
    try {
      return await send();
    } catch (error) {
      const newBaseUrl = await options.findNewBaseUrl?.(error);
      if (newBaseUrl === undefined) throw error;
      baseUrl = newBaseUrl;
      return await send();
    }
  };
  const appCall: AppCall = ({ path, ...rest }) =>
    accountCall({ ...rest, path: `/v2/apps/${encodeURIComponent(appId)}${path}` });

  return {
    webhooks: webhookCalls(appCall),
    conversations: conversationCalls(appCall),
    users: userCalls(appCall),
    /** Uninstalls us: kills the token, removes our webhooks, fires the remove callback (OpenAPI RevokeAccess). */
    revokeAccess: () =>
      accountCall({
        operation: 'RevokeAccess',
        method: 'DELETE',
        path: '/oauth/authorization',
        answer: Done,
      }),
  };
}
