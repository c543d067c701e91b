import { randomBytes } from 'node:crypto';
import { parse } from 'cookie';
import type { Request, Response } from 'express';
import type { Platform } from '../../platform/create-platform.ts';
import { createUser } from '../../platform/people/users.ts';
import type { Account, User } from '../../state/records.ts';

const NAME = 'sandbox_customer';
const ONE_YEAR_MS = 365 * 24 * 60 * 60_000;

interface Visit {
  platform: Pick<Platform, 'state' | 'changes'>;
  account: Account;
  request: Request;
}

/** The customer who chats from this browser, if it has chatted with the account before. */
export function findCustomer({ platform, account, request }: Visit): User | undefined {
  const user = platform.state.usersByBrowserKey.get(
    parse(request.headers.cookie ?? '')[NAME] ?? '',
  );
  return user?.account === account.slug ? user : undefined;
}

/** As `findCustomer`; a new browser becomes a new customer. `isSecure`: browsers come by https. */
export function greetCustomer(
  visit: Visit,
  response: Response,
  { isSecure }: { isSecure: boolean },
): User {
  const known = findCustomer(visit);
  if (known) return known;
  const { platform, account } = visit;
  const browserKey = randomBytes(24).toString('base64url');
  response.cookie(NAME, browserKey, { ...cookieOf(account, isSecure), maxAge: ONE_YEAR_MS });
  return createUser(platform, account, {
    browserKeys: [browserKey],
    profile: { givenName: 'Customer' },
  });
}

/** The browser is somebody else’s from now on. */
export function forgetCustomer(
  account: Account,
  response: Response,
  { isSecure }: { isSecure: boolean },
): void {
  response.clearCookie(NAME, cookieOf(account, isSecure));
}

/** The path gives a browser one customer per account. */
function cookieOf({ slug }: Account, secure: boolean) {
  const path = `/accounts/${slug}/messenger`;
  return { path, httpOnly: true, sameSite: 'lax' as const, secure };
}
