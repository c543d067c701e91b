import { createTokenState, toTokenSnapshot } from '../../oauth/token-state.ts';
import type { TokenState } from '../../oauth/token-state.ts';
import type { ZocksSnapshot } from './records.ts';

export interface ZocksState {
  tokens: TokenState;
}

export function createZocksState(snapshot?: ZocksSnapshot): ZocksState {
  return { tokens: createTokenState(snapshot?.tokens) };
}

export function toZocksSnapshot({ tokens }: ZocksState): ZocksSnapshot {
  return { tokens: toTokenSnapshot(tokens) };
}
