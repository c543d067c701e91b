import { createHash } from 'node:crypto';

export interface CodeChallenge {
  value: string;
  method: 'plain' | 'S256';
}

/** RFC 7636 §4.1: 43 to 128 unreserved characters. */
const VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;

/** Whether the verifier answers the challenge. One without the other is refused, as RFC 9700 asks. */
export function isVerified(challenge: CodeChallenge | undefined, verifier: string | undefined) {
  if (!challenge || verifier === undefined) return !challenge && verifier === undefined;
  if (!VERIFIER.test(verifier)) return false;
  const answer =
    challenge.method === 'S256'
      ? createHash('sha256').update(verifier).digest('base64url')
      : verifier;
  return answer === challenge.value;
}
