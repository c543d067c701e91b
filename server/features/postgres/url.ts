import type { DatabasePlace } from '../../store/engines/database.ts';

const SCHEME = /^postgres(ql)?:\/\//;
const ESCAPES =
  'cannot be read: in its user name and password write # as %23, / as %2F, ? as %3F, @ as %40 and % as %25';
/** What the driver takes for "check the certificate", and warns of each time. */
const CHECKED_MODES = /([?&]sslmode=)(prefer|require|verify-ca)(?=&|$)/;

/** The driver would look for a file of that name. To libpq it is the authorities of the system, and nothing less. */
const SYSTEM_AUTHORITIES = /([?&])sslrootcert=system(?=&|$)/;

/** Where a PostgreSQL is, and the variable that says so. */
export interface PostgresPlace {
  variable: 'DATABASE_URL' | 'DATABASE_DIRECT_URL';
  url: string;
}

/** Where statements go, perhaps a pooler; and PostgreSQL itself, for what needs a connection of its own. */
export function findPostgresPlaces({ databaseUrl = '', databaseDirectUrl }: DatabasePlace): {
  pooled: PostgresPlace;
  direct: PostgresPlace;
} {
  const pooled = { variable: 'DATABASE_URL', url: databaseUrl } as const;
  if (databaseDirectUrl === undefined) return { pooled, direct: pooled };
  return { pooled, direct: { variable: 'DATABASE_DIRECT_URL', url: databaseDirectUrl } };
}

/** What is wrong with the addresses of the environment, each with its variable. */
export function findAddressProblems(env: Record<string, string | undefined>): string[] {
  const problems = ['DATABASE_URL', 'DATABASE_DIRECT_URL'].flatMap((name) => {
    const problem = env[name] === undefined ? undefined : findPostgresUrlProblem(env[name]);
    return problem === undefined ? [] : `${name}: ${problem}`;
  });
  const isAlone = env['DATABASE_DIRECT_URL'] !== undefined && env['DATABASE_URL'] === undefined;
  if (isAlone && env['DATABASE_URL_FILE'] === undefined)
    problems.push(
      'DATABASE_URL is missing: DATABASE_DIRECT_URL goes with it, when that leads through a pooler',
    );
  return problems;
}

/** What is wrong with the address of a PostgreSQL, in words without any part of it. */
function findPostgresUrlProblem(url: string): string | undefined {
  if (!SCHEME.test(url))
    return 'must start with postgres://; leave it out to use SQLite in DATA_DIR';
  const authority = /^[^/]+\/\/([^/?]*)/.exec(url)?.[1] ?? '';
  if (authority.slice(authority.lastIndexOf('@') + 1).includes(','))
    return 'names several hosts: give it one';
  const parsed = parse(url);
  if (parsed === undefined || url.includes('#') || /%(?![0-9a-f]{2})/i.test(url)) return ESCAPES;
  const { username, password, pathname, search, searchParams } = parsed;
  // A / or ? in a password ends what stands before the host, and the rest of it looks like a path.
  const isCut = username === '' && !searchParams.has('user') && search.includes('@');
  if (isCut || pathname.includes('@')) return ESCAPES;
  try {
    decodeURIComponent(`${username}${password}${pathname}`);
    return undefined;
  } catch {
    return ESCAPES;
  }
}

/**
 * The address as the driver gets it. `sslmode` of `require`, `prefer` or `verify-ca` means `verify-full`
 * to pg 8 already, which warns that pg 9 will take `require` for "any certificate".
 */
export function toConnectionString(url: string): string {
  if (SYSTEM_AUTHORITIES.test(url))
    return `${url.replace(SYSTEM_AUTHORITIES, '$1')}&sslmode=verify-full`;
  return url.includes('uselibpqcompat=') ? url : url.replace(CHECKED_MODES, '$1verify-full');
}

/** Host and port, or the folder of the socket; never the user or the password. */
export function describePostgresHost(url: string): string {
  const parsed = parse(url);
  const host = parsed?.searchParams.get('host') ?? decodeURIComponent(parsed?.hostname ?? '');
  const port = parsed?.searchParams.get('port') ?? (parsed?.port || '5432');
  return host.startsWith('/') ? host : `${host || 'localhost'}:${port}`;
}

/** `postgres://user@/database` is one, too: the host is then a parameter. */
function parse(url: string): URL | undefined {
  const text = url.replace('@/', '@localhost/');
  return URL.canParse(text) ? new URL(text) : undefined;
}
