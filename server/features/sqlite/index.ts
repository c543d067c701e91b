import type { Feature } from '../feature.ts';

/** One file in DATA_DIR, for exactly one process: what is taken without DATABASE_URL. */
export const sqlite: Feature = {
  name: 'sqlite',
  engine: {
    hasAddress: false,
    async open({ dataDir }) {
      const { openSqlite } = await import('./open.ts');
      return openSqlite(dataDir);
    },
    async commands() {
      const { commands } = await import('./commands.ts');
      return commands;
    },
  },
};
