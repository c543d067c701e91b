import type { Request } from 'express';
import { isLoopback } from '../../config/values.ts';

/** Whether Host is a name of this machine, or that of one of the addresses. */
export function asksForUs({ headers }: Request, ownUrls: readonly string[]): boolean {
  const { host = '' } = headers;
  // What would lead a parser to another host, such as `@` or `/`, is in no host.
  if (!/^[\w.:[\]-]+$/.test(host) || !URL.canParse(`http://${host}`)) return false;
  const asked = new URL(`http://${host}`);
  const nameOf = ({ hostname }: URL) => hostname.replace(/\.$/, '');
  return isLoopback(asked) || ownUrls.some((url) => nameOf(new URL(url)) === nameOf(asked));
}
