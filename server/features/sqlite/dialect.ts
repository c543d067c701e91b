import { sql } from 'kysely';
import type { Dialect } from '../../store/engines/database.ts';

export const dialect: Dialect = {
  rowNumber: 'integer primary key autoincrement',
  bytewise: 'collate BINARY',
  skipLocked: sql``,
  keyShare: sql``,
  serverTime: undefined,
  findSchema: async () => undefined,
  async hasTable(connection, name) {
    const query = sql`select 1 from sqlite_master where type = 'table' and name = ${name}`;
    return (await query.execute(connection)).rows.length > 0;
  },
  /** Kysely runs them bare; half a migration after a crash could never be finished. */
  async aroundMigrations(connection, run) {
    await sql`begin immediate`.execute(connection);
    try {
      await run();
      await sql`commit`.execute(connection);
    } catch (error) {
      await sql`rollback`.execute(connection);
      throw error;
    }
  },
};
