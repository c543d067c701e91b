/**
 * Runs of a property: so many, or as many as fit. The seed is random, and printed with the smallest
 * counterexample when one is found.
 */
export const LIMITS = { numRuns: 40, interruptAfterTimeLimit: 800 };
