import type { Tools } from '../../../../server/runtime/types.ts';

/**
 * For `fakeTools({ connections: fakeConnections({ zoom }) })`: services that answer what a test lets them
 * answer. Those that it does not bring along are missing.
 */
export function fakeConnections<Fakes extends Partial<Tools['connections']>>(fakes: Fakes) {
  const parts: object[] = [fakes];
  const all: Fakes & Tools['connections'] = Object.assign({}, ...parts);
  return all;
}
