import { randomBytes } from 'node:crypto';

/** Zoom documents five minutes, Zendesk and Zocks nothing. */
const LIFETIME_MS = 5 * 60_000;

export type AuthorizationCodes<Grant extends { clientId: string }> = ReturnType<
  typeof createAuthorizationCodes<Grant>
>;

/** Authorization codes: single use, five minutes, gone after a restart. Each ends in `worldSuffix`. */
export function createAuthorizationCodes<Grant extends { clientId: string }>({
  worldSuffix,
}: {
  worldSuffix: string;
}) {
  const grants = new Map<string, { grant: Grant; expiresAt: number }>();

  return {
    issue(grant: Grant): string {
      for (const [code, { expiresAt }] of grants) {
        if (expiresAt <= Date.now()) grants.delete(code);
      }
      const code = `${randomBytes(24).toString('base64url')}${worldSuffix}`;
      grants.set(code, { grant, expiresAt: Date.now() + LIFETIME_MS });
      return code;
    },
    /** Spends the code; undefined when it is unknown, used, expired or another client's. */
    spend(code: string, clientId: string): Grant | undefined {
      const issued = grants.get(code);
      grants.delete(code);
      return issued && issued.grant.clientId === clientId && issued.expiresAt > Date.now()
        ? issued.grant
        : undefined;
    },
  };
}
