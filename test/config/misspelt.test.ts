import { describe, expect, it } from 'vitest';
import { checkConfiguration } from '../../server/commands/doctor/check-configuration.ts';
import { findMisspelt } from '../../server/config/misspelt.ts';
import { loadConfig } from '../../server/config/load-config.ts';
import { problemsOf } from './support/problems-of.ts';

const NAMES = ['DATABASE_URL', 'DATABASE_URL_FILE', 'TRUST_PROXY', 'SESSION_SECRETS', 'PORT'];

const find = (name: string, given: Record<string, string> = {}) =>
  findMisspelt({ ...given, [name]: 'x' }, NAMES);

describe('a variable that nothing reads', () => {
  it.each([
    ['DATBASE_URL', 'DATABASE_URL'],
    ['DATABBASE_URL', 'DATABASE_URL'],
    ['DATABASE_URI', 'DATABASE_URL'],
    ['DATABASE-URL', 'DATABASE_URL'],
    ['DATABASE_ULR', 'DATABASE_URL'],
    ['ADTABASE_URL', 'DATABASE_URL'],
    ['DATABASE_URLS', 'DATABASE_URL'],
    ['database_url', 'DATABASE_URL'],
    ['DATABASE_URL_FIEL', 'DATABASE_URL_FILE'],
    ['TRUST_PROXIES', 'TRUST_PROXY'],
    ['SESSION_SECRET', 'SESSION_SECRETS'],
  ])('such as %s is told from %s', (name, meant) => {
    expect(find(name)).toEqual([`The app does not read ${name}: is ${meant} meant?`]);
  });

  it.each([
    'DATABASE_USER',
    'DATABASE',
    'DATA_BASE_URI',
    'DTABASE_ULR',
    'POSTS',
    'HTTPS_PROXY',
    '',
  ])('may be %s, of which another program knows', (name) => {
    expect(find(name)).toEqual([]);
  });

  it('may be near to one of ours that is there', () => {
    expect(find('DATABASE_URI', { DATABASE_URL: 'postgres://host/shop' })).toEqual([]);
  });

  it('is told with what is missing, for which it may have been meant', () => {
    expect(problemsOf({ OAUTH_CLIENT_ID: 'client', OAUTH_CLIENT_SECRETS: 'hidden' })).toEqual([
      expect.stringContaining('OAUTH_CLIENT_SECRET is missing'),
      expect.stringMatching(/OAUTH_CLIENT_SECRETS: is OAUTH_CLIENT_SECRET meant\?$/),
    ]);
  });

  it('is no reason not to start, and advice of the doctor', () => {
    const said = 'The app does not read DATBASE_URL: is DATABASE_URL meant?';
    const environment = { DATBASE_URL: 'postgres://user:password@host/shop' };
    expect(loadConfig(environment).misspelt).toEqual([said]);
    const { findings } = checkConfiguration(environment);
    expect(findings).toMatchObject([{ status: 'ok' }, { status: 'advice', text: said }]);
    expect(JSON.stringify(findings)).not.toContain('password');
  });
});
