import { randomBytes } from 'node:crypto';

interface Grant {
  clientId: string;
  account: string;
}

/** The real lifetime is not documented. */
const LIFETIME_MS = 5 * 60_000;

/** Authorization codes: single use, five minutes, gone after a restart. */
export function createAuthorizationCodes() {
  const grants = new Map<string, Grant & { expiresAt: number }>();

  return {
    issue(grant: Grant): string {
      const code = randomBytes(24).toString('base64url');
      grants.set(code, { ...grant, expiresAt: Date.now() + LIFETIME_MS });
      return code;
    },
    /** Spends the code; undefined when it is unknown, used, expired or another client's. */
    spend(code: string, clientId: string): Grant | undefined {
      const grant = grants.get(code);
      grants.delete(code);
      return grant && grant.clientId === clientId && grant.expiresAt > Date.now()
        ? grant
        : undefined;
    },
  };
}
