import { OperatorError } from '../errors.ts';
import type { Feature } from '../features/feature.ts';
import type { SandboxConfig, StandIn, StandInMaker } from '../features/stand-in.ts';

/** @throws OperatorError when the feature that has it was deleted. */
export function findStandIn(features: readonly Pick<Feature, 'standIn'>[]): StandInMaker {
  const [maker] = features.flatMap(({ standIn }) => standIn ?? []);
  if (maker !== undefined) return maker;
  throw new OperatorError(
    'server/features.ts has no stand-in for Zendesk. Set OAUTH_CLIENT_ID and OAUTH_CLIENT_SECRET, or put that feature back.',
  );
}

/** The configuration in which Zendesk, and whatever else features speak to, is the stand-in. */
export function leadTo(
  standIn: StandIn,
  config: SandboxConfig,
  features: readonly Pick<Feature, 'standIn' | 'sandbox'>[],
): SandboxConfig {
  const { register } = findStandIn(features);
  const variables = features.map(({ sandbox }) => sandbox?.(standIn, config.publicUrl));
  return {
    ...config,
    ...register(standIn, config),
    variables: Object.assign({}, config.variables, ...variables),
  };
}
