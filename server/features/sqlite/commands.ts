import type { EngineCommands } from '../../commands/engine-commands.ts';
import { backUpSqlite } from './back-up.ts';
import { isThere, openBesideApp } from './beside-app.ts';
import { databaseFile } from './file.ts';
import { tryLock } from './instance-lock.ts';
import { openSqlite } from './open.ts';
import { restoreSqlite } from './restore.ts';

export const commands: EngineCommands = {
  name: 'SQLite',
  isThere,
  openBesideApp,
  // Opening it as the app does keeps the app away meanwhile.
  openWithoutApp: ({ dataDir }) => openSqlite(dataDir),
  copies: {
    backUp: ({ dataDir }, target) => backUpSqlite(databaseFile(dataDir), target),
    putBack: ({ dataDir }, restore) => restoreSqlite(dataDir, restore),
  },
  tryFolder: tryLock,
};
