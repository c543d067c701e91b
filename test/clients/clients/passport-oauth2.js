import { once } from 'node:events';
import express from 'express';
import session from 'express-session';
import passport from 'passport';
import OAuth2Strategy from 'passport-oauth2';

/** It knows no revocation, and renews as passport-oauth2-refresh does it. */
export const can = ['refresh'];

export async function open({ clientId, clientSecret, redirectUri, authorizeUrl, ...rest }) {
  const strategy = new OAuth2Strategy(
    {
      clientID: clientId,
      clientSecret,
      callbackURL: redirectUri,
      authorizationURL: authorizeUrl,
      tokenURL: rest.tokenUrl,
      scope: rest.scopes,
      state: true,
      pkce: true,
    },
    (accessToken, refreshToken, _profile, done) => done(null, { accessToken, refreshToken }),
  );
  const authenticator = new passport.Passport().use(strategy);
  const app = express();
  app.use(session({ secret: 'of a test', resave: false, saveUninitialized: false }));
  app.get('/login', authenticator.authenticate('oauth2', { session: false }));
  app.get(
    new URL(redirectUri).pathname,
    authenticator.authenticate('oauth2', { session: false }),
    (request, response) => response.json(request.user),
  );
  app.use((error, _request, response, _next) => response.status(500).send(error.message));
  const server = app.listen(new URL(redirectUri).port);
  await once(server, 'listening');

  return {
    begin: () => new URL('/login', redirectUri).href,
    async finish(callbackUrl, browser) {
      const page = await browser.open(callbackUrl);
      if (page.status !== 200) throw new Error(`${page.status}: ${page.text}`);
      return JSON.parse(page.text);
    },
    refresh: ({ refreshToken: old }) =>
      new Promise((resolve, reject) => {
        const { _oauth2: client } = strategy;
        const grant = { grant_type: 'refresh_token' };
        client.getOAuthAccessToken(old, grant, (error, accessToken, refreshToken) =>
          error ? reject(new Error(error.data)) : resolve({ accessToken, refreshToken }),
        );
      }),
    close: () => server.close(),
  };
}
