import type { RemoteFetch } from '../../remote-call.ts';
import type { Tokens as OAuthTokens } from './tokens/token-answer.ts';
import type { RemoteError } from '../../remote-error.ts';
import type { AuthType } from './store/schema.ts';

declare module '../../runtime/types.ts' {
  interface Tools {
    connections: Connections;
  }
}

/**
 * The other services this account is connected to, by provider. Each provider adds what it offers, so the list is
 * where you ask for it: type `connections.` and see.
 */
export interface Connections {}

/** Credentials of an app at the provider, as its developer pages show them. */
export interface Client {
  clientId: string;
  clientSecret: string;
}

export interface Tokens extends OAuthTokens {
  /** The address that comes with the token, where a provider has several. */
  apiUrl?: string;
  /** What it allows; absent: the provider does not say. */
  scopes?: readonly string[];
}

/** What an API call needs. */
export interface Access {
  accessToken: string;
  apiUrl: string | null;
  authType: AuthType;
  /** Whom a `custom` connection acts for, where the owner chose somebody. */
  hostUser: string | null;
}

/** A permission that something needs. */
export interface NeededScope {
  /** Any of these will do; the first is what a new app asks for. */
  anyOf: readonly [string, ...string[]];
  /** Ends the sentence “it is needed to …”. */
  to: string;
}

/** Whose access it is. The two ids are what the provider calls the same person in its events. */
export interface Identity {
  userId: string | null;
  accountId: string | null;
  /** For people: an e-mail address, usually. */
  label: string;
}

/**
 * What a failure means for a connection.
 * - `dead`: the authorization has ended; only authorizing again helps.
 * - `refused`: credentials or settings are wrong; somebody has to put them right.
 * - `scope`: connected, but not allowed to do this.
 * - `busy`: a rate limit; nothing is wrong with the connection.
 * - `unavailable`: no usable answer; it may be fine the next time.
 */
export interface Failure {
  kind: 'dead' | 'refused' | 'scope' | 'busy' | 'unavailable';
  /** A sentence for the owner. */
  reason: string;
  /** What the provider asks us to wait, in milliseconds. */
  retryAfterMs?: number | undefined;
}

/** Providers name it in the types of their tools: docs/add-a-provider.md. */
export type UseResult<Value> =
  | { ok: true; value: Value }
  /** `problem` is a sentence that can be said in the chat; `error` is set when the provider refused. */
  | { ok: false; problem: string; error?: RemoteError };

/** Runs API calls with the account's best connection; everything that can go wrong is in the result. */
export type UseConnection = <Value>(
  work: (access: Access) => Promise<Value>,
) => Promise<UseResult<Value>>;

/** Another service, in one file: docs/add-a-provider.md. Its methods throw RemoteError. */
export interface Provider {
  /** In addresses and in the database. */
  id: string;
  name: string;
  authTypes: readonly [AuthType, ...AuthType[]];
  /** What the bot does with a connection, and so stops doing without one; null: nothing yet. */
  usedFor: string | null;
  /** What the test and the tools need of a token; absent: nothing is compared. */
  neededScopes?: Partial<Record<AuthType, readonly NeededScope[]>>;
  /** The page where a user gives us access. */
  authorizeUrl: string;
  /** Who answers there, for a server that names itself in its answers (RFC 9207). Absent: not checked. */
  issuer?: string;

  /** Where to send the browser; the provider sends it back to `redirectUri` with a code. */
  authorize(request: {
    client: Client;
    redirectUri: string;
    state: string;
    codeVerifier: string;
  }): Promise<URL>;
  /** Exchanges the code of an answer whose state was checked. */
  exchange(answer: {
    client: Client;
    redirectUri: string;
    code: string;
    codeVerifier: string;
  }): Promise<Tokens>;
  refresh(client: Client, refreshToken: string): Promise<Tokens>;
  /** For `custom`: access with nothing but the account's own credentials. */
  requestAccess?(client: Client, accountId: string): Promise<Tokens>;
  /** The cheapest call that proves that the access works and says whose it is. */
  test(access: Access): Promise<Identity>;
  /** Withdraws the access at the provider. */
  revoke(client: Client, accessToken: string): Promise<void>;
  classifyError(error: RemoteError): Failure;
  /** For owners to download, instead of typing it there; absent: the provider takes none. */
  describeApp?(app: NewApp): AppDescription;
  /** What handlers get as `connections.{id}`; declared by extending `Connections`. */
  openTools?(use: UseConnection): object;
}

/** An app that is to be made at the provider. */
export interface NewApp {
  name: string;
  redirectUrl: string;
  publicUrl: string;
}

/** As the provider's developer pages take it in. */
export interface AppDescription {
  fileName: string;
  manifest: object;
}

/** What a provider's file exports as `createProvider`; it returns undefined when it is not configured. */
export type CreateProvider = (options: {
  /** Those that providers declare, as they were given: each reads its own. */
  variables: Record<string, string | undefined>;
  /** Whether the sandbox's demo stands before the bot. */
  hasDemo: boolean;
  timeoutMs: number;
  /** Counts the calls to this service. */
  fetch: RemoteFetch;
}) => Provider | undefined;
