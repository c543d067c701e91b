import { readMigrations } from '../../store/migrate.ts';
import type { CommandDatabase } from '../open-beside-app.ts';
import { advice, type Finding, ok, problem } from './finding.ts';
import { features } from '../../features.ts';

const CHECK = 'database';
const NAMES = { sqlite: 'SQLite', postgres: 'PostgreSQL' };

/** Answers whether the rest may look into it. */
export async function checkDatabase({
  engine,
  kysely,
}: CommandDatabase): Promise<{ usable: boolean; finding: Finding }> {
  const { newer, pending } = await readMigrations({ engine, kysely }, features);
  if (newer.length > 0) {
    const text = `${NAMES[engine]} answers, but a newer version has changed it (${newer.join(', ')}).`;
    return {
      usable: false,
      finding: problem(CHECK, text, 'Run the version of the app that made it, or a newer one.'),
    };
  }
  if (pending.length > 0) {
    const text = `${NAMES[engine]} answers; these migrations are still to run: ${pending.join(', ')}.`;
    return {
      usable: false,
      finding: advice(CHECK, text, 'Start the app: it runs them.'),
    };
  }
  return {
    usable: true,
    finding: ok(CHECK, `${NAMES[engine]} answers, and every migration has run.`),
  };
}
