import { codeOf, messageOf, OperatorError } from '../../errors.ts';

/** https://www.sqlite.org/rescode.html; an extended code begins with its primary one. */
const OBSTACLES: [string, { what: string; fix: string }][] = [
  ['SQLITE_NOTADB', { what: 'it is not a SQLite database', fix: 'restore' }],
  ['SQLITE_CORRUPT', { what: 'it is damaged, or a part of it is missing', fix: 'restore' }],
  ['SQLITE_FULL', { what: 'the disk is full', fix: 'Make room' }],
  // SQLite's shared memory is a file beside the database, which grows when it is opened.
  ['SQLITE_IOERR_SHMSIZE', { what: 'the disk is full', fix: 'Make room' }],
  ['SQLITE_READONLY', { what: 'it cannot be written', fix: 'rights' }],
  ['SQLITE_PERM', { what: 'it may not be opened', fix: 'rights' }],
  ['SQLITE_CANTOPEN', { what: 'it, or a file beside it, cannot be opened', fix: 'rights' }],
  [
    'SQLITE_IOERR',
    {
      what: 'the disk failed',
      fix:
        'Look into the log of the machine. SQLite wants a local disk: on NFS and SMB, files cannot be ' +
        'locked or shared reliably. Set DATA_DIR to a local folder, or DATABASE_URL to a PostgreSQL database',
    },
  ],
  [
    'SQLITE_BUSY',
    { what: 'another program keeps it locked', fix: 'Stop that, or wait until it is done' },
  ],
];
const FIXES: Record<string, string> = {
  restore:
    'Put a backup back: npm run restore -- <file>. To start with an empty one instead, move it away with the files beside it',
  rights:
    'Give the folder with everything in it to the user the app runs as, or set DATA_DIR to another one',
};

/** What SQLite could not do with a file, as one sentence and what to do; undefined for another's error. */
export function explainSqliteFailure(error: unknown, path: string): OperatorError | undefined {
  const code = codeOf(error);
  const [, obstacle] = OBSTACLES.find(([prefix]) => code?.startsWith(prefix)) ?? [];
  if (obstacle === undefined) return undefined;
  const fix = FIXES[obstacle.fix] ?? obstacle.fix;
  return new OperatorError(
    `The database file ${path} cannot be used: ${obstacle.what} (${code}: ${messageOf(error)}). ${fix}.`,
    { cause: error },
  );
}
