/** Long enough for a browser to be sent here and arrive. */
const LIFETIME_MS = 60_000;

export type Consents = ReturnType<typeof createConsents>;

/**
 * What the program that runs the stand-in allows in its visitor's place, so that nobody is asked: by the
 * `state` of one authorization request, which nobody else knows, and once.
 */
export function createConsents() {
  const given = new Map<string, { account: string; expiresAt: number }>();
  return {
    /** @param account by the name it has in every world, without the ending of one. */
    give(this: void, state: string, account: string): void {
      for (const [old, { expiresAt }] of given) if (expiresAt <= Date.now()) given.delete(old);
      given.set(state, { account, expiresAt: Date.now() + LIFETIME_MS });
    },
    /** Spends the consent; undefined: whoever comes has to be asked. */
    take(state: string | undefined): string | undefined {
      const consent = given.get(state ?? '');
      given.delete(state ?? '');
      return consent && consent.expiresAt > Date.now() ? consent.account : undefined;
    },
  };
}
