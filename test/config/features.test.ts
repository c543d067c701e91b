import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { ConfigError, loadConfig } from '../../server/config/load-config.ts';
import type { Feature } from '../../server/features/feature.ts';

const weather: Feature = {
  name: 'weather',
  environment: {
    variables: {
      WEATHER_URL: z.url('must be an address').optional(),
      WEATHER_KEY: z.string().optional(),
    },
    secrets: ['WEATHER_KEY'],
    findProblems: ({ WEATHER_URL, WEATHER_KEY }, { production }) =>
      production && WEATHER_URL && !WEATHER_KEY
        ? ['WEATHER_KEY is missing: ask the weather service']
        : [],
  },
};

const read = (environment: Record<string, string>) => loadConfig(environment, [], [weather]);

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    read(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

it('a feature gets its variables as they were given, and no others', () => {
  const given = {
    WEATHER_URL: '"https://weather.example"',
    METRICS_TOKEN: 'm'.repeat(16),
    OTHER: 'x',
  };
  expect(read(given).variables).toEqual({
    WEATHER_URL: 'https://weather.example',
    WEATHER_KEY: undefined,
  });
});

it('its problems are reported together with the core’s', () => {
  expect(problemsOf({ WEATHER_URL: 'here', PORT: 'first' })).toEqual([
    expect.stringContaining('PORT: must be a port number'),
    'WEATHER_URL: must be an address',
  ]);
});

it('it may refuse a combination, also only in production', () => {
  const given = { WEATHER_URL: 'https://weather.example' };
  expect(problemsOf(given)).toEqual([]);
  expect(problemsOf({ ...given, NODE_ENV: 'production' })).toContain(
    'WEATHER_KEY is missing: ask the weather service',
  );
});

it('its secrets can stand in files, and nothing else of it can', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'shopkeeper-weather-'));
  const file = join(folder, 'key');
  await writeFile(file, 'rain\n');
  const { variables } = read({ WEATHER_KEY_FILE: file, WEATHER_URL_FILE: file });
  expect(variables).toEqual({ WEATHER_KEY: 'rain', WEATHER_URL: undefined });
  await rm(folder, { recursive: true });
});
