import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadConfig } from '../../server/config/load-config.ts';
import { KNOWN_VARIABLES, readText, readYaml } from './read-file.ts';

const Service = z.strictObject({
  image: z.string().regex(/^(shopkeeper|[a-z]+:[\d.]+-alpine@sha256:[0-9a-f]{64})$/),
  build: z.literal('.').optional(),
  env_file: z.literal('.env').optional(),
  environment: z.record(z.string(), z.string()),
  depends_on: z
    .union([
      z.array(z.string()),
      z.record(z.string(), z.strictObject({ condition: z.literal('service_healthy') })),
    ])
    .optional(),
  read_only: z.boolean().optional(),
  cap_drop: z.tuple([z.literal('ALL')]).optional(),
  security_opt: z.array(z.string()).optional(),
  stop_grace_period: z
    .string()
    .regex(/^\d+s$/)
    .optional(),
  restart: z.literal('unless-stopped'),
  volumes: z.array(z.string().regex(/^[\w./-]+:\/[\w/.-]+(:ro)?$/)).optional(),
  ports: z.array(z.string().regex(/^\d+:\d+$/)).optional(),
  healthcheck: z
    .strictObject({
      test: z.tuple([z.literal('CMD')], z.string()),
      interval: z.string(),
      retries: z.number().int(),
    })
    .optional(),
});

/** As much of the Compose Specification as is used; a misspelt key is an error here, and ignored there. */
const Compose = z.strictObject({
  name: z.string(),
  'x-app': Service,
  services: z.record(z.string(), Service),
  volumes: z.record(z.string(), z.null()),
});

const CREDENTIALS = { OAUTH_CLIENT_ID: 'id', OAUTH_CLIENT_SECRET: 'secret' };

const { services, volumes } = Compose.parse(readYaml('compose.yaml'));
const apps = Object.entries(services).filter(([, { image }]) => image === 'shopkeeper');

describe('compose.yaml', () => {
  it('runs two instances that share a database', () => {
    expect(apps.map(([name]) => name)).toEqual(['app-1', 'app-2']);
    const urls = new Set(apps.map(([, { environment }]) => environment['DATABASE_URL']));
    expect([...urls]).toEqual([expect.stringMatching(/@database\/shopkeeper$/)]);
    expect(services['database']?.image).toMatch(/^postgres:/);
  });

  it('has it listen where the proxy looks, on that database alone, whatever .env says', () => {
    const blank = { HOST: '', DATABASE_DIRECT_URL: '' };
    for (const [, { environment }] of apps)
      expect(environment).toMatchObject({ ...blank, PORT: '3000' });
    const given = { ...blank, DATABASE_URL: 'postgres://database/shopkeeper' };
    const { host, databaseDirectUrl } = loadConfig({ ...given, SANDBOX: '0', ...CREDENTIALS });
    expect([host, databaseDirectUrl]).toEqual([undefined, undefined]);
  });

  it('gives the app no more rights than it needs, and time to end', () => {
    for (const [, app] of apps) {
      expect(app).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
      expect(app.security_opt).toEqual(['no-new-privileges:true']);
      expect(Number.parseInt(app.stop_grace_period ?? '', 10)).toBeGreaterThan(10);
      expect(app.ports).toBeUndefined();
    }
  });

  it('sets only variables that the app knows', () => {
    for (const [, { environment }] of apps)
      for (const name of Object.keys(environment)) expect(KNOWN_VARIABLES).toContain(name);
  });

  it('names only services and volumes that are there', () => {
    for (const { depends_on: needs = [], volumes: mounts = [] } of Object.values(services)) {
      const names = Array.isArray(needs) ? needs : Object.keys(needs);
      for (const name of names) expect(services).toHaveProperty(name);
      const named = mounts
        .map((mount) => mount.split(':')[0] ?? '')
        .filter((name) => !name.startsWith('.'));
      for (const name of named) expect(volumes).toHaveProperty(name);
    }
  });

  it('has a proxy that knows every instance', () => {
    const caddyfile = readText('Caddyfile');
    const upstreams = /reverse_proxy \{\$UPSTREAMS:([^}]+)\} \{/.exec(caddyfile)?.[1]?.split(' ');
    expect(upstreams).toEqual(apps.map(([name]) => `${name}:3000`));
    expect(services['proxy']?.volumes).toContain('./Caddyfile:/etc/caddy/Caddyfile:ro');
  });
});
