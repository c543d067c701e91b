import { once } from 'node:events';
import express from 'express';
import session from 'express-session';
import grant from 'grant';

/** It ends where the tokens are there. */
export const can = [];

/** Where it wants to be called back, for a provider that it calls `service`. */
export const callbackPath = '/connect/service/callback';

export async function open({ clientId, clientSecret, redirectUri, authorizeUrl, ...rest }) {
  const app = express();
  app.use(session({ secret: 'of a test', resave: false, saveUninitialized: false }));
  app.use(
    grant.express({
      defaults: { origin: new URL(redirectUri).origin, transport: 'session', state: true },
      service: {
        key: clientId,
        secret: clientSecret,
        oauth: 2,
        pkce: true,
        authorize_url: authorizeUrl,
        access_url: rest.tokenUrl,
        scope: rest.scopes,
        scope_delimiter: ' ',
        callback: '/done',
      },
    }),
  );
  app.get('/done', (request, response) => response.json(request.session.grant.response));
  const server = app.listen(new URL(redirectUri).port);
  await once(server, 'listening');

  return {
    begin: () => new URL('/connect/service', redirectUri).href,
    async finish(callbackUrl, browser) {
      const {
        access_token: accessToken,
        refresh_token: refreshToken,
        error,
      } = JSON.parse((await browser.open(callbackUrl)).text);
      if (accessToken === undefined) throw new Error(JSON.stringify(error));
      return { accessToken, refreshToken };
    },
    close: () => server.close(),
  };
}
