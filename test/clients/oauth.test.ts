import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser } from '../support/browser/browser.ts';
import { findFreePort } from '../support/process/start-process.ts';
import { loadClient } from './support/client.ts';
import type { Settings, Tokens } from './support/client.ts';
import { openPortal, openZoom } from './support/services.ts';
import type { Service } from './support/services.ts';

const NAMES = [
  'simple-oauth2',
  'passport-oauth2',
  'grant',
  'arctic',
  'oauth4webapi',
  'badgateway',
] as const;
const clients = await Promise.all(
  NAMES.map(async (name) => ({ name, ...(await loadClient(name)) })),
);

describe.each([
  { at: 'Zoom', openService: openZoom },
  { at: 'the portal', openService: openPortal },
])('at $at', ({ openService }) => {
  describe.each(clients)('$name', ({ name, can, callbackPath, open }) => {
    let service: Service;
    let closeClient: () => Promise<unknown>;

    beforeEach(async () => {
      closeClient = async () => {};
      service = await openService(`http://localhost:${await findFreePort()}${callbackPath}`);
    });

    afterEach(async () => {
      await closeClient();
      await service.close();
    });

    async function start(changes: Partial<Settings> = {}) {
      const client = await open({ ...service.settings, ...changes });
      closeClient = client.close;
      return client;
    }

    /** In a browser, up to the user's answer and with it back to the client. */
    async function authorize(
      client: Awaited<ReturnType<typeof open>>,
      decision: 'allow' | 'deny' = 'allow',
    ): Promise<Tokens> {
      const browser = createBrowser();
      const consent = await browser.open(await client.begin());
      const answer = { user: service.userId, decision };
      const back = await browser.fillIn(consent, '/oauth/authorize', answer);
      return client.finish(browser.location(back), browser);
    }

    it('gets tokens for the code, which work', async () => {
      const { accessToken } = await authorize(await start());
      expect(await service.call(accessToken)).toBe(200);
    });

    it('fails when the user denies', async () => {
      await expect(authorize(await start(), 'deny')).rejects.toThrow(
        /denied|401|response from the server is an error/,
      );
    });

    it('fails with a wrong secret', async () => {
      const client = await start({ clientSecret: 'guessed' });
      await expect(authorize(client)).rejects.toThrow();
    });

    if (can.includes('refresh'))
      it('renews its tokens, and the old one is dead', async () => {
        const client = await start();
        const first = await authorize(client);
        const second = await client.refresh(first);
        expect(second.refreshToken).not.toBe(first.refreshToken);
        expect(await service.call(second.accessToken)).toBe(200);
        await expect(client.refresh(first)).rejects.toThrow();
        expect(await service.call((await client.refresh(second)).accessToken)).toBe(200);
      });

    if (can.includes('revoke'))
      it('revokes its tokens, all of them', async () => {
        const client = await start();
        const tokens = await authorize(client);
        await client.revoke(tokens);
        expect(await service.call(tokens.accessToken)).toBe(401);
        await expect(client.refresh(tokens)).rejects.toThrow();
      });

    if (name === 'oauth4webapi')
      it('encodes HTTP Basic as RFC 6749 has it, and is refused where that is not decoded', async () => {
        const { decodesBasic } = service.settings;
        const tokens = authorize(await start({ decodesBasic: true }));
        if (decodesBasic) expect(await service.call((await tokens).accessToken)).toBe(200);
        else await expect(tokens).rejects.toThrow();
      });
  });
});
