import type { RequestListener } from 'node:http';
import { createAuthorization } from '../../../server/zendesk/oauth.ts';
import { serve } from '../../support/serve.ts';

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
  const zendesk = createAuthorization({
    oauthUrl: place.url,
    client: { id: 'id', secret: 'a-client-secret' },
    redirectUri: 'http://localhost/oauth',
    headers: {},
    timeoutMs: 5_000,
    fetch: (_operation, url, init) => fetch(url, init),
  });
  return { asks: [() => zendesk.exchangeCode('code-of-a-test')], close: place.close };
};
