import { expect, it } from 'vitest';
import { loadConfig } from '../../server/config/load-config.ts';
import { problemsOf } from './support/problems-of.ts';

it('what is not for the bot is kept in development alone, and only when that is asked for', () => {
  expect(loadConfig({}).keepIgnored).toBe(false);
  expect(loadConfig({ KEEP_IGNORED_EVENTS: '1' }).keepIgnored).toBe(true);
  const production = { NODE_ENV: 'production', KEEP_IGNORED_EVENTS: '1' };
  expect(problemsOf(production).join('\n')).toContain('KEEP_IGNORED_EVENTS is for development');
  expect(problemsOf({ NODE_ENV: 'production' }).join('\n')).not.toContain('KEEP_IGNORED_EVENTS');
});
