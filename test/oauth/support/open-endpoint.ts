import type { RequestListener } from 'node:http';
import type { RemoteInit } from '../../../server/remote-call.ts';
import { sendRequest } from '../../../server/send-request.ts';
import { exchangeCode } from '../../../server/zendesk/oauth.ts';
import { serve } from '../../support/network/serve.ts';

export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body: string;
}

/** A token endpoint that says this to everybody, and the ways in which a client of ours asks it. */
export type OpenEndpoint = (
  answer: Answer,
) => Promise<{ asks: (() => Promise<unknown>)[]; close: () => void }>;

export async function serveAnswer({ status = 200, headers = {}, body }: Answer) {
  const handle: RequestListener = (_request, response) => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(body);
  };
  return serve(handle);
}

/** As an install asks. */
export const openZendesk: OpenEndpoint = async (answer) => {
  const place = await serveAnswer(answer);
  const bridge = {
    oauthUrl: place.url,
    client: { id: 'id', secret: 'a-client-secret' },
    redirectUri: 'http://localhost/oauth',
    headers: {},
    timeoutMs: 5_000,
    fetch: (_operation: string, url: string, init: RemoteInit) => sendRequest(url, init),
  };
  /** What is read of it, under the names that connections have for it. */
  async function ask() {
    const given = await exchangeCode(bridge, 'code-of-a-test');
    const { access_token: accessToken, refresh_token: refreshToken, expires_in: seconds } = given;
    return {
      accessToken,
      ...(refreshToken === undefined ? {} : { refreshToken }),
      ...(seconds === undefined ? {} : { expiresInMs: seconds * 1000 }),
    };
  }
  return { asks: [ask], close: place.close };
};
