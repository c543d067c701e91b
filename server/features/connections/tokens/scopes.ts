import type { NeededScope, Provider } from '../provider.ts';
import type { Connection } from '../store/schema.ts';

/** The characters of a scope (RFC 6749 §3.3). */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** A server grants new scopes of an app some seconds late, to tokens that are asked for meanwhile. */
const SCOPES_LAG_MS = 60_000;

/** The scopes in the text of an answer; some servers put commas in between. Empty: it says none. */
export function readScopes(text: string | null | undefined): string[] {
  const all = (text ?? '').split(/[\s,]+/).filter((scope) => SCOPE.test(scope));
  return [...new Set(all)];
}

/** What is needed and was not granted; none as long as the provider does not say what was. */
export function findMissingScopes(
  { neededScopes }: Pick<Provider, 'neededScopes'>,
  { auth_type: authType, scopes }: Pick<Connection, 'auth_type' | 'scopes'>,
): NeededScope[] {
  if (scopes === null) return [];
  const granted = new Set(readScopes(scopes));
  const needed = neededScopes?.[authType] ?? [];
  return needed.filter(({ anyOf }) => !anyOf.some((scope) => granted.has(scope)));
}

/**
 * New scopes of an app that has credentials of its own may not have reached the server that grants tokens:
 * it is asked again before they are called missing.
 */
export function mayLag(
  {
    auth_type: authType,
    connected_at: connectedAt,
  }: Pick<Connection, 'auth_type' | 'connected_at'>,
  now: number,
): boolean {
  return authType === 'custom' && connectedAt !== null && now - connectedAt < SCOPES_LAG_MS;
}

/** A sentence for the owner; null when nothing is missing. */
export function describeMissingScopes(
  provider: Pick<Provider, 'name' | 'neededScopes'>,
  connection: Pick<Connection, 'auth_type' | 'scopes' | 'connected_at'>,
  now: number,
): string | null {
  const missing = findMissingScopes(provider, connection);
  if (missing.length === 0) return null;
  const names = missing.map(({ anyOf: [scope] }) => scope);
  const uses = missing.map(({ to }) => to);
  const what = `the ${names.length === 1 ? 'scope' : 'scopes'} ${joinWords(names)}`;
  const verb = names.length === 1 ? 'is' : 'are';
  const begin = `Connected, but ${what} ${verb} missing, needed to ${joinWords(uses)}`;
  if (mayLag(connection, now))
    return `${begin}. ${provider.name} takes some seconds for scopes that are new, so it is asked again by itself.`;
  const then = connection.auth_type === 'oauth2' ? 'reconnect' : 'test again';
  return `${begin}: add what is missing to the ${provider.name} app, then ${then}.`;
}

function joinWords(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
