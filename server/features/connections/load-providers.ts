import { readdir } from 'node:fs/promises';
import { z } from 'zod';
import type { Observe } from '../../observe.ts';
import type { RemoteFetch } from '../../remote-call.ts';
import type { CreateProvider, Provider } from './provider.ts';
import type { ConnectionConfig } from './variables.ts';

const TIMEOUT_MS = 10_000;

/** Compiled, the folder also holds source maps. */
const MODULE = /(?<!\.d)\.[jt]s$/;

const ProviderModule = z.object({
  createProvider: z.custom<CreateProvider>((value) => typeof value === 'function'),
});

/** By the name of their file. */
const modules = await importFolder(new URL('providers/', import.meta.url));

async function importFolder(folder: URL): Promise<[string, CreateProvider][]> {
  const files = (await readdir(folder)).filter((file) => MODULE.test(file));
  return Promise.all(
    files.map(async (file): Promise<[string, CreateProvider]> => {
      const module: unknown = await import(new URL(file, folder).href);
      return [file.replace(MODULE, ''), ProviderModule.parse(module).createProvider];
    }),
  );
}

/**
 * Every provider that has a file in `providers/` and is configured, and `more`; first those the bot uses.
 * Their calls are counted under the name of the file.
 */
export function createProviders(
  config: ConnectionConfig,
  observe: Pick<Observe, 'call'>,
  more: readonly CreateProvider[],
): Provider[] {
  const all = [
    ...modules,
    ...more.map((create): [string, CreateProvider] => [create.name, create]),
  ];
  return all
    .flatMap(([service, createProvider]) => {
      const fetch: RemoteFetch = (operation, url, init) =>
        observe.call({ service, operation, url, init });
      const options = { config, timeoutMs: TIMEOUT_MS, fetch };
      return createProvider(options) ?? [];
    })
    .toSorted(
      (left, right) =>
        Number(left.usedFor === null) - Number(right.usedFor === null) ||
        left.name.localeCompare(right.name),
    );
}
