import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { features } from '../../server/features.ts';
import { loadConfig } from '../../server/config/load-config.ts';
import { KNOWN_VARIABLES, readYaml } from './read-file.ts';

const key = z.string().refine((name) => KNOWN_VARIABLES.has(name), 'is no variable of the app');
const EnvironmentVariable = z.union([
  z.strictObject({ key, value: z.string() }),
  z.strictObject({ key, sync: z.literal(false) }),
  z.strictObject({ key, generateValue: z.literal(true) }),
  z.strictObject({
    key,
    fromDatabase: z.strictObject({ name: z.string(), property: z.literal('connectionString') }),
  }),
]);

/** As much of Render's blueprint specification as is used. */
const Blueprint = z.strictObject({
  databases: z.tuple([
    z.strictObject({
      name: z.string(),
      plan: z.string(),
      postgresMajorVersion: z.string(),
      ipAllowList: z.array(z.never()),
    }),
  ]),
  services: z.tuple([
    z.strictObject({
      type: z.literal('web'),
      name: z.string(),
      runtime: z.literal('docker'),
      plan: z.string(),
      numInstances: z.number().int().min(2),
      // Render restarts an instance that fails it.
      healthCheckPath: z.literal('/healthz'),
      maxShutdownDelaySeconds: z.number().int().min(11).max(300),
      envVars: z.array(EnvironmentVariable),
    }),
  ]),
});

/** What a person enters where the blueprint asks. */
const ENTERED: Record<string, string> = {
  PUBLIC_URL: 'https://shopkeeper.onrender.com',
  OAUTH_CLIENT_ID: 'id',
  OAUTH_CLIENT_SECRET: 'secret',
  ENCRYPTION_KEYS: `k1:${Buffer.alloc(32).toString('base64')}`,
};
/** Render generates 256 bits as Base64. */
const GENERATED = Buffer.alloc(32, 1).toString('base64');

describe('render.yaml', () => {
  const blueprint = Blueprint.parse(readYaml('render.yaml'));
  const [service] = blueprint.services;

  it('takes the address of the database that it makes', () => {
    const names = service.envVars.flatMap((variable) =>
      'fromDatabase' in variable ? [variable.fromDatabase.name] : [],
    );
    expect(names).toEqual([blueprint.databases[0].name]);
  });

  it('sets everything that the app needs in production, and asks for nothing else', () => {
    const values = service.envVars.map((variable) => {
      if ('value' in variable) return [variable.key, variable.value];
      if ('generateValue' in variable) return [variable.key, GENERATED];
      if ('fromDatabase' in variable) return [variable.key, 'postgresql://u:p@host/name'];
      return [variable.key, ENTERED[variable.key]];
    });
    const environment: Record<string, string> = Object.fromEntries(values);
    const given = { ...environment, NODE_ENV: 'production', PORT: '10000' };
    const config = loadConfig(given, [], features);

    expect(config.sandbox).toBeNull();
    expect(config.databaseUrl).toBe('postgresql://u:p@host/name');
    expect(config.variables['METRICS_TOKEN']).toBe(GENERATED);
    expect(Object.values(environment)).not.toContain(undefined);
  });
});
