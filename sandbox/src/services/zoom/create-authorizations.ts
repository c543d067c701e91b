import type { CodeGrant } from '../../oauth/authorize-routes.ts';
import type { IssuedTokens, Tokens } from '../../oauth/create-tokens.ts';
import type { Grant } from '../../oauth/token-state.ts';
import type { ZoomEvents } from './create-zoom-events.ts';
import { ZoomTokenError } from './errors.ts';
import type { ZoomApp } from './zoom-state.ts';

interface AuthorizationsOptions {
  tokens: Tokens;
  events: ZoomEvents;
}

/** Nobody tries an older one. */
const REPLACED_KEPT = 1_000;

/** Which user has which app, at most once each. */
export function createAuthorizations({ tokens, events }: AuthorizationsOptions) {
  /** Refresh tokens a newer authorization has replaced: Zoom has words of its own for those. */
  const replaced = new Set<string>();

  function remember(refreshToken: string): void {
    replaced.add(refreshToken);
    const [oldest] = replaced;
    if (replaced.size > REPLACED_KEPT && oldest !== undefined) replaced.delete(oldest);
  }

  return {
    /** A user has an app once: the tokens of an earlier authorization die (error 4741). */
    allow({ clientId, userId, scopes }: CodeGrant): IssuedTokens {
      for (const grant of tokens.grantsOf(userId)) {
        if (grant.clientId !== clientId) continue;
        if (grant.refreshToken !== null) remember(grant.refreshToken);
        tokens.revoke(grant);
      }
      return tokens.grant({ clientId, userId, scopes });
    },

    refresh({ clientId }: ZoomApp, refreshToken: string): IssuedTokens {
      const issued = tokens.refresh(refreshToken, clientId);
      if (issued) return issued;
      const reason = replaced.has(refreshToken) ? 'The token has been revoked.' : 'Invalid Token!';
      throw new ZoomTokenError('invalid_grant', reason);
    },

    /** The user, or the app by revoking, takes it all back: the app is told. */
    remove(grant: Grant): void {
      tokens.revoke(grant);
      events.sendDeauthorized(grant);
    },
  };
}
