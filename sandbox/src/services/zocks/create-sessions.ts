import { randomBytes } from 'node:crypto';
import { parse } from 'cookie';
import type { Request, Response } from 'express';
import type { Person, ZocksState } from './zocks-state.ts';

const NAME = 'sandbox_person';
/** Nobody sits in front of more browsers; whoever came first signs in again. */
const KEPT = 100;

/** Who sits in front of which browser; gone after a restart. */
export function createSessions({ people }: ZocksState, { isSecure }: { isSecure: boolean }) {
  const personIds = new Map<string, string>();
  const keyOf = (header = '') => parse(header)[NAME] ?? '';
  const cookie = { httpOnly: true, sameSite: 'lax', secure: isSecure } as const;

  return {
    /** Undefined: nobody is signed in, or has been deactivated since. */
    find({ headers }: Request): Person | undefined {
      const person = people.get(personIds.get(keyOf(headers.cookie)) ?? '');
      return person?.isActive ? person : undefined;
    },
    begin(person: Person, response: Response): void {
      const key = randomBytes(24).toString('base64url');
      personIds.set(key, person.id);
      const [oldest] = personIds.keys();
      if (personIds.size > KEPT && oldest !== undefined) personIds.delete(oldest);
      response.cookie(NAME, key, cookie);
    },
    end({ headers }: Request, response: Response): void {
      personIds.delete(keyOf(headers.cookie));
      response.clearCookie(NAME, cookie);
    },
  };
}
