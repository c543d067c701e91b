import { z } from 'zod';
import { baseUrl, isLoopback, listOf } from '../../config/values.ts';

/** The address of another service, for example `https://zoom.us/oauth`. */
export const serviceUrl = baseUrl.refine((value) => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url));
}, 'must be an https address; http is for this machine only');

/** Comma list, newest first, of what other services sign with. */
export const signingTokens = listOf(
  z.string().regex(/^[\x21-\x7e]+$/, 'has a space or a look-alike character: copy it again'),
);
