import { describe, expect, it } from 'vitest';
import { chooseEngine, type DatabaseEngine } from '../../server/store/engines/engine.ts';
import { features } from '../../server/features.ts';

const engineWith = (hasAddress: boolean): { engine: DatabaseEngine } => ({
  engine: {
    hasAddress,
    open: () => Promise.reject(new Error('is not opened here')),
    commands: () => Promise.reject(new Error('is not asked here')),
  },
});
const file = engineWith(false);
const server = engineWith(true);
const without = { dataDir: './data' };
const withAddress = { dataDir: './data', databaseUrl: 'postgres://shop@db/shop' };

describe('the database that everything is kept in', () => {
  it('is the one with an address when DATABASE_URL is set, else the other', () => {
    for (const all of [
      [file, {}, server],
      [server, file],
    ]) {
      expect(chooseEngine(all, withAddress)).toBe(server.engine);
      expect(chooseEngine(all, without)).toBe(file.engine);
    }
  });

  it('is never another one than was asked for, because that feature was deleted', () => {
    expect(() => chooseEngine([file], withAddress)).toThrow(
      'DATABASE_URL is set, and server/features.ts has no database with an address',
    );
    expect(() => chooseEngine([server], without)).toThrow('DATABASE_URL is missing');
  });

  it('is there in the app as it is', () => {
    const kept = features.flatMap(({ engine }) => engine ?? []);
    expect(kept.length).toBeGreaterThan(0);
  });
});
