import { codeOf, messageOf, OperatorError } from '../../errors.ts';
import { describePostgresHost, type PostgresPlace } from './postgres-url.ts';

interface Obstacle {
  what: string;
  fix: string;
}

const NO_ROOM: Obstacle = {
  what: 'it has no room for another connection',
  fix: 'Raise its max_connections, or run fewer instances (docs/databases.md); look at other users of',
};
/** Codes of Node and of PostgreSQL (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const OBSTACLES: Record<string, Obstacle> = {
  ECONNREFUSED: {
    what: 'nothing listens there',
    fix: 'Start it, or correct the host and the port in',
  },
  ENOTFOUND: { what: 'no such host is known', fix: 'Correct the host in' },
  EAI_AGAIN: {
    what: 'its host name cannot be looked up',
    fix: 'Look at the DNS of this machine, or correct the host in',
  },
  ECONNRESET: { what: 'it closed the connection', fix: 'Look into its log, and at' },
  '28P01': { what: 'it refused the password', fix: 'Correct the user or the password in' },
  '3D000': { what: 'it has no such database', fix: 'Create it, or correct the name in' },
  '53300': NO_ROOM,
  '57P03': { what: 'it is starting or stopping', fix: 'Try again in a moment; else look at' },
  CERT_HAS_EXPIRED: { what: 'its certificate has expired', fix: 'Renew it; else look at' },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    what: 'its certificate is for another host name',
    fix: 'Write the name of the certificate into',
  },
  ...Object.fromEntries(
    [
      'SELF_SIGNED_CERT_IN_CHAIN',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'UNABLE_TO_GET_ISSUER_CERT',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    ].map((code) => [
      code,
      {
        what: 'nobody this machine trusts has signed its certificate',
        fix: 'Put sslmode=verify-full&sslrootcert=/path/of/the/ca.pem (docs/databases.md) into',
      },
    ]),
  ),
};
const NO_ANSWER: Obstacle = {
  what: 'it does not answer',
  fix: 'Look whether it runs and whether a firewall lets this machine through; else correct',
};
/** What the driver says in words only. */
const SAID: [RegExp, Obstacle][] = [
  [
    /client password must be a string|no password supplied/,
    {
      what: 'it wants a password, and there is none',
      fix: 'Write postgres://user:password@… into',
    },
  ],
  [
    /does not support SSL/,
    { what: 'it does not speak TLS', fix: 'Have it do so, or take sslmode out of' },
  ],
  [
    /unsupported startup parameter/,
    {
      what: 'the pooler in front of it takes no start-up settings',
      fix: 'Leave "options" and the like out of',
    },
  ],
  [/no more connections allowed/, NO_ROOM],
  [
    /timeout exceeded when trying to connect/,
    {
      what: 'every connection of this instance is in use',
      fix: 'If that lasts, look for slow statements (docs/databases.md) at',
    },
  ],
  [/timeout|timed out|ETIMEDOUT|UNREACH/, NO_ANSWER],
];

/** Why there is no connection, as one sentence and what to do; what failed is its cause. */
export function explainConnectionFailure(error: unknown, place: PostgresPlace): OperatorError {
  // The addresses of one name fail together, each in its own way.
  const [first] = error instanceof AggregateError ? error.errors : [error];
  const code = codeOf(first) ?? '';
  const said = messageOf(first);
  const obstacle = OBSTACLES[code] ?? SAID.find(([words]) => words.test(`${code} ${said}`))?.[1];
  const { what, fix } = obstacle ?? { what: said, fix: 'Correct it there, or correct' };
  const reason = code === '' || obstacle === undefined ? what : `${what} (${code})`;
  return new OperatorError(
    `PostgreSQL at ${describePostgresHost(place.url)} cannot be used: ${reason}. ${fix} ${place.variable}.`,
    { cause: error },
  );
}
