import { readdir } from 'node:fs/promises';
import { z } from 'zod';
import type { ConnectionConfig } from './connection-variables.ts';
import type { CreateProvider, Provider } from './provider.ts';

const TIMEOUT_MS = 10_000;

/** Compiled, the folder also holds source maps. */
const MODULE = /(?<!\.d)\.[jt]s$/;

const ProviderModule = z.object({
  createProvider: z.custom<CreateProvider>((value) => typeof value === 'function'),
});

/** Every provider that has a file in `providers/` and is configured; first those the bot uses. */
export async function loadProviders(config: ConnectionConfig): Promise<Provider[]> {
  const folder = new URL('providers/', import.meta.url);
  const files = (await readdir(folder)).filter((file) => MODULE.test(file));
  const modules: unknown[] = await Promise.all(
    files.map(async (file): Promise<unknown> => import(new URL(file, folder).href)),
  );
  return modules
    .map((module) => ProviderModule.parse(module).createProvider({ config, timeoutMs: TIMEOUT_MS }))
    .filter((provider) => provider !== undefined)
    .toSorted(
      (left, right) =>
        Number(left.usedFor === null) - Number(right.usedFor === null) ||
        left.name.localeCompare(right.name),
    );
}
