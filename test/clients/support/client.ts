import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inject } from 'vitest';
import { z } from 'zod';
import type { Browser } from '../../support/browser/browser.ts';

/** What an application knows of a service and of itself there. */
export interface Settings {
  clientId: string;
  clientSecret: string;
  /** On a port of this machine that is free: a client that is a server listens there. */
  redirectUri: string;
  scopes: string[];
  authorizeUrl: string;
  tokenUrl: string;
  revokeUrl: string;
  /** Where the service describes itself (RFC 8414); absent: nowhere. */
  issuer?: string;
  /** Whether it decodes what RFC 6749 §2.3.1 has clients encode in HTTP Basic. */
  decodesBasic: boolean;
}

const Tokens = z.object({ accessToken: z.string(), refreshToken: z.string() });
export type Tokens = z.infer<typeof Tokens>;

/** What a file of clients/ makes of its package: README.md. */
interface OpenClient {
  begin: () => string | Promise<string>;
  finish: (callbackUrl: string, browser: Browser) => Promise<unknown>;
  refresh?: (tokens: Tokens) => Promise<unknown>;
  revoke?: (tokens: Tokens) => Promise<unknown>;
  close?: () => unknown;
}

const isFunction = (value: unknown) => typeof value === 'function';
const Module = z.object({
  can: z.array(z.enum(['refresh', 'revoke'])),
  callbackPath: z.string().default('/callback'),
  open: z.custom<(settings: Settings) => OpenClient | Promise<OpenClient>>(isFunction),
});

/** A file of clients/, beside the packages that it imports. */
export async function loadClient(name: string) {
  const file = join(inject('clientsFolder'), 'clients', `${name}.js`);
  const module: unknown = await import(/* @vite-ignore */ pathToFileURL(file).href);
  const { can, callbackPath, open } = Module.parse(module);

  return {
    can,
    callbackPath,
    open: async (settings: Settings) => {
      const client = await open(settings);
      return {
        begin: async () => client.begin(),
        finish: async (callbackUrl: string, browser: Browser) =>
          Tokens.parse(await client.finish(callbackUrl, browser)),
        refresh: async (tokens: Tokens) => Tokens.parse(await client.refresh?.(tokens)),
        revoke: async (tokens: Tokens) => client.revoke?.(tokens),
        close: async () => client.close?.(),
      };
    },
  };
}

export type Client = Awaited<ReturnType<typeof loadClient>>;
