import { z } from 'zod';
import { startSandbox } from '../../../../src/start-sandbox.ts';
import type { SandboxOptions } from '../../../../src/start-sandbox.ts';
import { createBrowser } from '../../../../../test/support/browser/browser.ts';

export const REDIRECT_URI = 'http://localhost/callback';
export const DETAILS = {
  logoUrl: 'https://pictures.example/logo.png',
  name: 'Meeting Notes',
  shortDescription: 'Notes where you need them.',
  about: 'Puts the notes of your meetings into your tickets.',
  whatYouCanDo: 'Read notes\r\n\r\n  Find a meeting  ',
};

export type PortalWorld = Awaited<ReturnType<typeof startPortal>>;
export type Visitor = Awaited<ReturnType<typeof signInAs>>;

export const tokensSchema = z.object({
  access_token: z.string(),
  refresh_token: z.string(),
  scope: z.string(),
});

/** A sandbox, people who are signed in to its Apps portal, and the calls of an app made there. */
export async function startPortal(options: Partial<SandboxOptions> = {}) {
  const sandbox = await startSandbox({ port: 0, record: true, ...options });
  const { zocks } = sandbox.control;

  function personId(name: string): string {
    const person = zocks.users.find((one) => one.name === name);
    if (!person) throw new Error(`The portal knows no ${name}`);
    return person.id;
  }

  const signIn = (name: string) => signInAs(sandbox.url, personId(name));

  /** Through the wizard: the new app's client id and secret. */
  async function createApp(visitor: Visitor, { scope = 'profile', ...details } = {}) {
    await visitor.step('details', { ...DETAILS, ...details });
    await visitor.step('redirect-uris', { redirectUri: REDIRECT_URI });
    const page = await visitor.step('scopes', { scope });
    return readCredentials(page.text);
  }

  async function createEnabledApp(visitor: Visitor, fields: { scope?: string } = {}) {
    const app = await createApp(visitor, fields);
    await visitor.send(`/portal/apps/${app.clientId}/enabled`, { enabled: 'on' });
    return app;
  }

  /** What the consent page answers when the person allows. */
  function allow(clientId: string, person = 'Zocks Adviser', fields: Record<string, string> = {}) {
    return fetch(`${sandbox.url}/zocks/oauth/authorize`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({
        client_id: clientId,
        response_type: 'code',
        redirect_uri: REDIRECT_URI,
        user: personId(person),
        decision: 'allow',
        ...fields,
      }),
    });
  }

  async function obtainCode(clientId: string, person?: string): Promise<string> {
    const { headers } = await allow(clientId, person);
    return new URL(headers.get('location') ?? '').searchParams.get('code') ?? '';
  }

  function requestToken(app: Credentials, fields: Record<string, string>) {
    const credentials = { client_id: app.clientId, client_secret: app.clientSecret };
    return fetch(`${sandbox.url}/zocks/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({ ...credentials, ...fields }),
    });
  }

  const exchange = (app: Credentials, code: string) =>
    requestToken(app, { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI });

  const getMe = (token: string) =>
    fetch(`${sandbox.url}/zocks/api/v1/me`, { headers: { Authorization: `Bearer ${token}` } });

  return {
    ...sandbox,
    personId,
    signIn,
    createApp,
    createEnabledApp,
    allow,
    obtainCode,
    requestToken,
    exchange,
    getMe,
    /** Goes through consent and token request. */
    async connect(app: Credentials, person?: string) {
      const answer = await exchange(app, await obtainCode(app.clientId, person));
      return tokensSchema.parse(await answer.json());
    },
  };
}

/** A browser of its own, with the person signed in. */
async function signInAs(url: string, person: string) {
  const browser = createBrowser(url);
  await browser.send('/portal/sign-in', { person });
  return {
    ...browser,
    step: (step: string, fields: Record<string, string> = {}, go = 'next') =>
      browser.send(`/portal/apps/new/${step}`, { ...fields, go }),
  };
}

export interface Credentials {
  clientId: string;
  clientSecret: string;
}

export function readCredentials(html: string): Credentials {
  const [clientId = '', clientSecret = ''] = [...html.matchAll(/data-copy="([^"]+)"/g)].map(
    ([, value]) => value,
  );
  return { clientId, clientSecret };
}
