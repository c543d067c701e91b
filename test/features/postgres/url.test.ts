import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../server/config/load-config.ts';
import { postgres } from '../../../server/features/postgres/index.ts';
import { findAddressProblems, toConnectionString } from '../../../server/features/postgres/url.ts';
import { problemsOf } from '../../config/support/problems-of.ts';

describe('the address of a PostgreSQL', () => {
  it.each([
    'postgres://shop:secret@db.example.com:5432/shop',
    'postgresql://shop@localhost/shop?sslmode=require',
    'postgres://shop:pa%23ss%2Fwo%3Frd%40@db/shop',
    'postgres://shop:pa@ss,word@db/shop',
    'postgres://shop@/shop?host=/var/run/postgresql',
    'postgres://%2Fvar%2Frun%2Fpostgresql/shop',
    'postgres://[::1]:5433/shop?user=shop%40tenant',
    'postgres:///shop',
  ])('%s is one', (written) => {
    expect(findAddressProblems({ DATABASE_URL: written })).toEqual([]);
  });

  it.each([
    ['another scheme', 'postgress://db/shop', /must start with postgres:\/\//],
    ['one slash', 'postgres:/db/shop', /must start with postgres:\/\//],
    ['# in the password', 'postgres://shop:pa#ss@db/shop', /write # as %23/],
    ['# after digits', 'postgres://shop:12#ss@db/shop', /write # as %23/],
    ['/ in the password', 'postgres://shop:pa/ss@db/shop', /\/ as %2F/],
    ['/ after digits', 'postgres://shop:12/ss@db/shop', /\/ as %2F/],
    ['? after digits', 'postgres://shop:12?ss@db/shop', /\? as %3F/],
    ['% in the password', 'postgres://shop:100%@db/shop', /% as %25/],
    ['half a character', 'postgres://shop:%ff@db/shop', /% as %25/],
    ['several hosts', 'postgres://shop:secret@one,two/shop', /several hosts/],
    ['no port', 'postgres://shop:secret@db:port/shop', /cannot be read/],
  ])('with %s is refused without a part of it', (_what, written, message) => {
    for (const name of ['DATABASE_URL', 'DATABASE_DIRECT_URL']) {
      const [found, ...others] = findAddressProblems({
        DATABASE_URL: 'postgres://db/shop',
        [name]: written,
      });
      expect(others).toEqual([]);
      expect(found).toMatch(message);
      expect(found).toMatch(`${name}: `);
      expect(found).not.toMatch(/secret|ss@|100%@/);
    }
  });

  it('is given to the driver with a mode of TLS that means the same in its next version', () => {
    const base = 'postgres://shop@db/shop';
    expect(toConnectionString(`${base}?sslmode=require&sslrootcert=/ca.pem`)).toBe(
      `${base}?sslmode=verify-full&sslrootcert=/ca.pem`,
    );
    for (const kept of ['', '?sslmode=no-verify', '?uselibpqcompat=true&sslmode=require'])
      expect(toConnectionString(`${base}${kept}`)).toBe(`${base}${kept}`);
  });

  it.each([
    'sslrootcert=system',
    'sslmode=verify-full&sslrootcert=system',
    'uselibpqcompat=true&sslrootcert=system&sslmode=require',
  ])('with %s is checked by the authorities that Node knows', (given) => {
    const { searchParams } = new URL(toConnectionString(`postgres://shop@db/shop?${given}`));
    // The driver takes the last.
    expect(searchParams.getAll('sslmode').at(-1)).toBe('verify-full');
    expect(searchParams.has('sslrootcert')).toBe(false);
  });

  it('wants DATABASE_URL beside DATABASE_DIRECT_URL', () => {
    const direct = 'postgres://shop@db/shop';
    expect(problemsOf({ DATABASE_DIRECT_URL: direct }, [postgres])).toEqual([
      expect.stringContaining('DATABASE_URL is missing'),
    ]);
    const pooled = 'postgres://shop@pooler:6432/shop';
    expect(loadConfig({ DATABASE_URL: pooled, DATABASE_DIRECT_URL: direct })).toMatchObject({
      databaseUrl: pooled,
      databaseDirectUrl: direct,
    });
  });

  it('is a problem of the configuration among the others', () => {
    expect(problemsOf({ PORT: 'http', DATABASE_URL: 'mysql://db' }, [postgres])).toEqual([
      expect.stringMatching(/PORT: must be a port number/),
      expect.stringMatching(/DATABASE_URL: must start with postgres:\/\//),
    ]);
  });
});
