import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { codeOf, messageOf, OperatorError } from '../../errors.ts';
import { describePostgresHost, toConnectionString, type PostgresPlace } from './url.ts';

/** A statement of ours takes milliseconds. A connection that says nothing for so long is gone. */
export const SILENT_MS = 10_000;
export const CONNECT_WITHIN_MS = 5_000;
/** For a good-bye; who does not answer it is left. */
const CLOSE_WITHIN_MS = 250;
const LOOK_AGAIN_MS = 250;
/** "Too many connections": by the code of the server, in the words of PgBouncer and Supavisor. */
const NO_ROOM =
  /^53300|no more connections allowed|client connections exceeded|max client(s| connections) reached/i;
/** cannot_connect_now: the server is starting or stopping. */
const NOT_READY = '57P03';

export class SilentConnectionError extends Error {}

/**
 * A client that may be lost at any moment without harm: whoever makes one listens for its errors, for
 * without a listener they end the process. Nothing goes along at start-up that a pooler could refuse.
 */
export function createClientSettings(url: string): pg.ClientConfig {
  return {
    connectionString: toConnectionString(url),
    fallback_application_name: 'shopkeeper',
    keepAlive: true,
    keepAliveInitialDelayMillis: SILENT_MS,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
  };
}

/** With a name it stays prepared, on connections that no pooler hands on to others. */
export type Statement = string | { name: string; text: string };

/** Runs a statement. A client that does not answer in time is destroyed, so that nobody gets it again. */
export async function ask(
  client: pg.Client,
  statement: Statement,
  values: readonly unknown[] = [],
  silentMs = SILENT_MS,
): Promise<pg.QueryResult> {
  const destroy = () =>
    client.connection.stream.destroy(
      new SilentConnectionError(`PostgreSQL did not answer within ${silentMs / 1000} s`),
    );
  const timer = silentMs > 0 ? setTimeout(destroy, silentMs) : undefined;
  try {
    const query = typeof statement === 'string' ? { text: statement } : statement;
    return await client.query({ ...query, values: [...values] });
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Tries again for a while when the server has no room or is not ready.
 * @throws OperatorError with what is in the way, without the password.
 */
export async function connectPatiently<Connected>(
  place: PostgresPlace,
  connect: () => Promise<Connected>,
  options: { patienceMs: number; onNoRoom?: () => void },
): Promise<Connected> {
  const giveUpAt = performance.now() + options.patienceMs;
  for (;;) {
    try {
      return await connect();
    } catch (error) {
      const code = codeOf(error);
      const hasNoRoom = NO_ROOM.test(`${code} ${messageOf(error)}`);
      const mayPass = hasNoRoom || code === NOT_READY;
      if (!mayPass || performance.now() > giveUpAt) throw explainConnectionFailure(error, place);
      if (hasNoRoom) options.onNoRoom?.();
      await sleep(LOOK_AGAIN_MS);
    }
  }
}

/** Says good-bye, but does not wait for an answer for long. */
export async function endSoon(end: Promise<void>, clients: Iterable<pg.Client>): Promise<void> {
  await Promise.race([end, sleep(CLOSE_WITHIN_MS)]);
  for (const client of clients) client.connection.stream.destroy();
}

/**
 * What a failure says of itself, its code in front, what that means, and what to do about the variable.
 * Codes are Node's and PostgreSQL's (https://www.postgresql.org/docs/current/errcodes-appendix.html); the
 * driver has its own words only.
 */
const OBSTACLES: [RegExp, string, string][] = [
  [/^ECONNREFUSED/, 'nothing listens there', 'Start it, or correct the host and the port in'],
  [/^ENOTFOUND/, 'no such host is known', 'Correct the host in'],
  [
    /^EAI_AGAIN/,
    'its host name cannot be looked up',
    'Look at the DNS of this machine, or correct the host in',
  ],
  [/^ECONNRESET/, 'it closed the connection', 'Look into its log, and at'],
  [/^28P01/, 'it refused the password', 'Correct the user or the password in'],
  [/^3D000/, 'it has no such database', 'Create it, or correct the name in'],
  [
    NO_ROOM,
    'it has no room for another connection',
    'Raise its max_connections, or run fewer instances (docs/databases.md); look at other users of',
  ],
  [/^57P03/, 'it is starting or stopping', 'Try again in a moment; else look at'],
  [/^CERT_HAS_EXPIRED/, 'its certificate has expired', 'Renew it; else look at'],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID/,
    'its certificate is for another host name',
    'Write the name of the certificate into',
  ],
  [
    /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_(GET_ISSUER_CERT|VERIFY_LEAF))/,
    'nobody this machine trusts has signed its certificate',
    'Put sslmode=verify-full&sslrootcert=/path/of/the/ca.pem (docs/databases.md) into',
  ],
  [
    /client password must be a string|no password supplied/,
    'it wants a password, and there is none',
    'Write postgres://user:password@… into',
  ],
  [/does not support SSL/, 'it does not speak TLS', 'Have it do so, or take sslmode out of'],
  [
    /unsupported startup parameter/,
    'the pooler in front of it takes no start-up settings',
    'Leave "options" and the like out of',
  ],
  [
    /timeout exceeded when trying to connect/,
    'every connection of this instance is in use',
    'If that lasts, look for slow statements (docs/databases.md) at',
  ],
  [
    /timeout|timed out|ETIMEDOUT|UNREACH/,
    'it does not answer',
    'Look whether it runs and whether a firewall lets this machine through; else correct',
  ],
];

/** Why there is no connection, as one sentence and what to do; what failed is its cause. */
function explainConnectionFailure(error: unknown, { url, variable }: PostgresPlace): OperatorError {
  // The addresses of one name fail together, each in its own way.
  const [first] = error instanceof AggregateError ? error.errors : [error];
  const code = codeOf(first) ?? '';
  const said = messageOf(first);
  const known = OBSTACLES.find(([words]) => words.test(`${code} ${said}`));
  const [, what, fix] = known ?? ['', said, 'Correct it there, or correct'];
  const reason = code === '' || known === undefined ? what : `${what} (${code})`;
  return new OperatorError(
    `PostgreSQL at ${describePostgresHost(url)} cannot be used: ${reason}. ${fix} ${variable}.`,
    { cause: error },
  );
}
