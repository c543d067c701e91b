import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readText } from './read-file.ts';

const Package = z.looseObject({
  integrity: z.string().optional(),
  libc: z.array(z.string()).optional(),
  optional: z.boolean().optional(),
  hasInstallScript: z.boolean().optional(),
  link: z.boolean().optional(),
  resolved: z.string().optional(),
});
const Lock = z.looseObject({ packages: z.record(z.string(), Package) });
const Policy = z.looseObject({ allowScripts: z.record(z.string(), z.boolean()) });

const { packages } = Lock.parse(JSON.parse(readText('package-lock.json')));
/** From a registry; the rest are this project's own packages, and the links to them. */
const installed = Object.fromEntries(
  Object.entries(packages).filter(
    ([path, { link }]) => path.startsWith('node_modules/') && link !== true,
  ),
);
const namesOf = (fits: (found: z.infer<typeof Package>) => boolean) =>
  Object.keys(installed).filter((path) => fits(installed[path] ?? {}));

describe('the lock file', () => {
  it('holds every package to its hash', () => {
    expect(namesOf(({ integrity }) => integrity === undefined)).toEqual([]);
  });

  it('names no registry, so that everybody installs from their own', () => {
    expect(namesOf(({ resolved }) => resolved !== undefined)).toEqual([]);
  });

  it('stays like that when a package is added, whatever npm does by itself', () => {
    expect(readText('.npmrc')).toMatch(/^omit-lockfile-registry-resolved=true$/m);
  });

  it('links the sandbox, and nothing else, from its folder', () => {
    const links = Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined);
    expect(links).toEqual([
      ['node_modules/@shopkeeper/zendesk-sandbox', { resolved: 'sandbox', link: true }],
    ]);
  });

  it('says for which C library each binary of SQLite is, so that only one is installed', () => {
    const linux = Object.keys(installed).filter((path) => path.includes('@libsql/linux-'));
    expect(linux).toHaveLength(6);
    for (const path of linux)
      expect(installed[path]?.libc).toEqual([path.includes('musl') ? 'musl' : 'glibc']);
  });

  it('installs without the tunnel where there is none for the platform', () => {
    const tunnel = Object.keys(installed).filter((path) => path.includes('@ngrok/'));
    expect(tunnel.length).toBeGreaterThan(1);
    for (const path of tunnel) expect(installed[path]?.optional).toBe(true);
  });

  it('has no install script that nobody has judged, and none that may run', () => {
    const { allowScripts } = Policy.parse(JSON.parse(readText('package.json')));
    const scripted = namesOf(({ hasInstallScript }) => hasInstallScript === true);
    expect(scripted.map((path) => path.replace('node_modules/', ''))).toEqual(
      Object.keys(allowScripts),
    );
    expect(Object.values(allowScripts)).not.toContain(true);
  });
});
