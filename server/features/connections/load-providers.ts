import { readdir } from 'node:fs/promises';
import { z } from 'zod';
import type { MeasureCall } from '../metrics/calls.ts';
import type { ConnectionConfig } from './variables.ts';
import type { RemoteFetch } from '../../remote-call.ts';
import type { CreateProvider, Provider } from './provider.ts';

const TIMEOUT_MS = 10_000;

/** Compiled, the folder also holds source maps. */
const MODULE = /(?<!\.d)\.[jt]s$/;

const ProviderModule = z.object({
  createProvider: z.custom<CreateProvider>((value) => typeof value === 'function'),
});

/**
 * Every provider that has a file in `providers/` and is configured; first those the bot uses. Their
 * calls are counted under the name of the file.
 */
export async function loadProviders(
  config: ConnectionConfig,
  measureCalls: (service: string) => MeasureCall,
): Promise<Provider[]> {
  const folder = new URL('providers/', import.meta.url);
  const files = (await readdir(folder)).filter((file) => MODULE.test(file));
  const providers = await Promise.all(
    files.map(async (file) => {
      const module: unknown = await import(new URL(file, folder).href);
      const measure = measureCalls(file.replace(MODULE, ''));
      const { createProvider } = ProviderModule.parse(module);
      const countedFetch: RemoteFetch = (operation, url, init) =>
        measure(operation, () => fetch(url, init));
      return createProvider({ config, timeoutMs: TIMEOUT_MS, fetch: countedFetch });
    }),
  );
  return providers
    .filter((provider) => provider !== undefined)
    .toSorted(
      (left, right) =>
        Number(left.usedFor === null) - Number(right.usedFor === null) ||
        left.name.localeCompare(right.name),
    );
}
