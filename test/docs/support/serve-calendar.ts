import { createHash } from 'node:crypto';
import express from 'express';
import { serve } from '../../support/network/serve.ts';

const TOKENS = {
  access_token: 'calendar-access',
  token_type: 'Bearer',
  expires_in: 3600,
  scope: 'profile free-busy',
};

/** The service of docs/add-a-provider.md: an OAuth server whose user allows everything, and its two calls. */
export async function serveCalendar(client: { clientId: string; clientSecret: string }) {
  const challenges = new Map<string, string>();
  const asked: string[] = [];
  const revoked: string[] = [];
  const app = express().use(express.urlencoded({ extended: false }));
  const basic = `Basic ${Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64')}`;

  app.get('/oauth/authorize', (request, response) => {
    const query = new URL(request.originalUrl, 'http://calendar').searchParams;
    const code = `code-${challenges.size + 1}`;
    challenges.set(code, query.get('code_challenge') ?? '');
    asked.push(query.get('scope') ?? '');
    const back = new URL(query.get('redirect_uri') ?? '');
    back.searchParams.set('code', code);
    back.searchParams.set('state', query.get('state') ?? '');
    response.redirect(302, back.href);
  });

  app.use('/oauth', (request, response, next) => {
    if (request.get('authorization') === basic) next();
    else response.status(401).json({ error: 'invalid_client' });
  });
  app.post('/oauth/token', ({ body: { code, code_verifier: verifier } }, response) => {
    const answer = createHash('sha256').update(String(verifier)).digest('base64url');
    if (challenges.get(code) === answer) response.json(TOKENS);
    else response.status(400).json({ error: 'invalid_grant' });
  });
  app.post('/oauth/revoke', ({ body: { token } }, response) => {
    revoked.push(token);
    response.json({});
  });

  app.use((request, response, next) => {
    if (request.get('authorization') === `Bearer ${TOKENS.access_token}`) next();
    else response.status(401).json({ error: 'invalid_token' });
  });
  app.get('/me', (_request, response) => {
    response.json({ id: 'u1', email: 'jane@calendar.example' });
  });
  app.get('/free', (_request, response) => {
    response.json({ start: '10:00' });
  });

  const { url, close } = await serve(app);
  return { url, close, asked, revoked };
}
