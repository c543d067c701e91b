import { z } from 'zod';

/** Whether a browser may be sent there: what is not http(s) could be a script. */
export function isWebAddress(address: string): boolean {
  return URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);
}

/** An address that somebody else gave and that pages here link to, or show the picture of. */
export const webAddress = z
  .url({ protocol: /^https?$/, error: 'should be an http or https URL' })
  .max(2048);
