import type { Config, ShopkeeperConfig } from '../config/load-config.ts';
import { OperatorError } from '../errors.ts';
import type { Feature } from '../features/feature.ts';
import type { ReplaceRun, StandIn, StandInMaker } from '../features/stand-in.ts';
import type { Log } from '../log.ts';

type Features = readonly Pick<Feature, 'standIn' | 'sandbox'>[];

/** @throws OperatorError when the feature that has it was deleted. */
export function findStandIn(features: Features): StandInMaker {
  const [maker] = features.flatMap(({ standIn }) => standIn ?? []);
  if (maker !== undefined) return maker;
  throw new OperatorError(
    'server/features.ts has no stand-in for Zendesk. Set OAUTH_CLIENT_ID and OAUTH_CLIENT_SECRET, or put that feature back.',
  );
}

/** Zendesk, and what else features speak to, as configured; in sandbox mode the stand-in, started if need be. */
export async function findZendesk(
  given: Config,
  features: Features,
  log: Log,
  { sandbox: running, replaceRun }: { sandbox?: StandIn; replaceRun: ReplaceRun },
): Promise<{ config: Config & ShopkeeperConfig; standIn?: StandIn }> {
  if (given.sandbox === null) return { config: { ...given, sandbox: null } };
  const config = { ...given, sandbox: given.sandbox };
  const { start, register } = findStandIn(features);
  const standIn = running ?? (await start(config, (line) => log.info({}, line)));
  const replace = config.sandbox.isPublicDemo ? undefined : replaceRun;
  const variables = features.map(({ sandbox }) => sandbox?.(standIn, config.publicUrl, replace));
  return {
    config: {
      ...config,
      ...register(standIn, config),
      sandbox: { ...config.sandbox, url: standIn.url },
      variables: Object.assign({}, config.variables, ...variables),
    },
    standIn,
  };
}
