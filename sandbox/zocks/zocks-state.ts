import { createTokenState, toTokenSnapshot } from '../oauth/token-state.ts';
import type { TokenState } from '../oauth/token-state.ts';
import type { ZocksApp, ZocksSnapshot } from './records.ts';

export interface ZocksState {
  apps: Map<string, ZocksApp>;
  tokens: TokenState;
}

export function createZocksState(snapshot?: ZocksSnapshot): ZocksState {
  return {
    apps: new Map(snapshot?.apps.map((app) => [app.clientId, app])),
    tokens: createTokenState(snapshot?.tokens),
  };
}

export function toZocksSnapshot({ apps, tokens }: ZocksState): ZocksSnapshot {
  return { apps: [...apps.values()], tokens: toTokenSnapshot(tokens) };
}
