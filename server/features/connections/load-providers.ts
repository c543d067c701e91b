import type { Router } from 'express';
import { z } from 'zod';
import type { Core } from '../../core.ts';
import { OperatorError } from '../../errors.ts';
import { watchFetch, type Observe } from '../../observe.ts';
import type { Feature, FeatureEnvironment } from '../feature.ts';
import type { ConnectionsContext } from './context.ts';
import { environment as alertEnvironment } from './notify/variables.ts';
import { modules as found } from './providers-folder.ts';
import { clientEnvironment } from './tokens/deployment-clients.ts';
import type { CreateProvider, Provider } from './provider.ts';

const TIMEOUT_MS = 10_000;

/** What a provider exports: all of it is optional but the first. docs/add-a-provider.md */
interface ProviderModule extends Pick<Feature, 'environment' | 'sandbox' | 'posts'> {
  createProvider: CreateProvider;
  /** What the service itself calls, ahead of the session. */
  openEndpoints?: (context: ConnectionsContext) => Router;
}

const Module = z.looseObject({ createProvider: z.function() });
const isModule = (value: unknown): value is ProviderModule => Module.safeParse(value).success;

/** By the name of their file or folder. */
const modules = found.flatMap(([name, module]) =>
  isModule(module) ? [[name, module] as const] : [],
);

export const providerModules: readonly ProviderModule[] = modules.map(([, module]) => module);

const environments = [
  clientEnvironment(modules.map(([name]) => name)),
  ...providerModules.flatMap((module) => module.environment ?? []),
  alertEnvironment,
];
const declared = Object.fromEntries(environments.flatMap((one) => Object.entries(one.variables)));

/** Of all providers, of the deployment's own OAuth clients, and of whoever is told about connections, as one. */
export const environment: FeatureEnvironment = {
  variables: declared,
  secrets: environments.flatMap(({ secrets = [] }) => secrets),
  findProblems(env, site) {
    const problems = environments.flatMap((one) => one.findProblems?.(env, site) ?? []);
    const addresses = Object.keys(declared).filter((name) => name.endsWith('_URL'));
    const insecure = addresses.filter((name) => site.production && /^http:/i.test(env[name] ?? ''));
    const fix = 'must start with https:// in production: credentials are sent there';
    return [...problems, ...insecure.map((name) => `${name} ${fix}`)];
  },
};

interface ProvidersCore {
  config: Pick<Core['config'], 'variables' | 'sandbox'>;
  observe: Pick<Observe, 'call'>;
}

/**
 * Every provider of the folder that is configured, and `more`, each in the place of one with its id; first those
 * the bot uses.
 * @throws OperatorError for what is in the folder and is no provider.
 */
export function createProviders(
  core: ProvidersCore,
  more: readonly Provider[] = [],
  folder: typeof found = found,
): Provider[] {
  const ofFolder = folder
    .flatMap(([name, module]) => openProvider(core, name, module) ?? [])
    .filter(({ id }) => !more.some((one) => one.id === id));
  return [...ofFolder, ...more].toSorted(
    (left, right) =>
      Number(left.usedFor === null) - Number(right.usedFor === null) ||
      left.name.localeCompare(right.name),
  );
}

/** Its calls are counted under the name of the file or folder. Undefined: it is not configured. */
function openProvider(
  { config: { variables, sandbox }, observe }: ProvidersCore,
  name: string,
  module: unknown,
): Provider | undefined {
  const file = `server/features/connections/providers/${name}`;
  if (!isModule(module))
    throw new OperatorError(
      `${file} exports no createProvider, and all that is there is taken for a provider. What belongs to one goes into a folder, beside its index.ts (docs/add-a-provider.md).`,
    );
  const provider = module.createProvider({
    variables,
    hasDemo: sandbox !== null,
    timeoutMs: TIMEOUT_MS,
    fetch: watchFetch(observe, name),
  });
  if (provider !== undefined && provider.id !== name)
    throw new OperatorError(
      `The provider of ${file} has the id “${provider.id}”. It has to be “${name}”: its variables and its numbers go by that name.`,
    );
  return provider;
}
