/**
 * Runs of a property: a number, because a time would be too short on a slow day. The seed is random, and
 * printed with the smallest counterexample when one is found.
 */
export const LIMITS = { numRuns: 12 };
