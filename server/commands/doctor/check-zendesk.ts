import type { Config } from '../../config/load-config.ts';
import { isTokenRejected, RemoteError } from '../../remote-error.ts';
import { sendRequest } from '../../send-request.ts';
import { connectZendesk } from '../../zendesk/connect.ts';
import { type Finding, ok, problem } from './finding.ts';

/** Zendesk as the app calls it, but for the records that it keeps of its calls. */
export function connectDoctor(config: Config, timeoutMs: number) {
  return connectZendesk(config, {
    timeoutMs,
    send: (_operation, url, init) => sendRequest(url, init),
  });
}

/** Whether it is Zendesk that answers, and nothing in between: it refuses a token that it never gave. */
export async function checkZendesk(config: Config, timeoutMs: number): Promise<Finding> {
  const host = new URL(config.zendesk.oauthUrl).host;
  try {
    await connectDoctor(config, timeoutMs).getTokenInfo('shopkeeper-doctor');
  } catch (error) {
    if (isTokenRejected(error)) return ok('zendesk', `${host} answers.`);
    if (!(error instanceof RemoteError)) throw error;
    return problem(
      'zendesk',
      `${host} does not answer as Zendesk does: ${error.message}.`,
      'Let the calls of this machine through whatever is in between, a firewall or a proxy.',
    );
  }
  return problem(
    'zendesk',
    `${host} accepts any token, which Zendesk does not.`,
    'Compare ZENDESK_OAUTH_URL.',
  );
}
