import type { Request, RequestHandler } from 'express';
import type { Flash } from './sessions.ts';

interface SiteLocals {
  publicUrl: string;
  sandboxUrl: string | null;
  isPublicDemo: boolean;
  footerLinks: readonly { href: string; text: string }[];
}

/** Neither what ends an address in prose or JSON, nor what would show another one than is opened. */
const ADDRESS =
  /(?<!\w)https?:\/\/[^\s<>"`\\“”„«»\p{Cc}\u200b-\u200f\u202a-\u202e\u2066-\u2069]+/giu;
const PUNCTUATION = ".,;:!?…'’*_~)]}";

/** What every page may show. Never the configuration: a template sees what it needs and no more. */
export function pageLocals(site: SiteLocals): RequestHandler {
  return (request, response, next) => {
    const isSignedIn = request.session.ownerId !== undefined;
    Object.assign(response.locals, { title: 'Shopkeeper', isSignedIn, splitAtLinks, ...site });
    // Taken when a page is rendered: a redirect or the live feed in another tab would show it to nobody.
    Object.defineProperty(response.locals, 'flash', {
      enumerable: true,
      get: () => takeFlash(request),
    });
    next();
  };
}

function takeFlash({ method, session }: Request): Flash | null {
  const flash = session.flash ?? null;
  if (flash !== null && method !== 'HEAD') delete session.flash;
  return flash;
}

/** Returns the text in pieces; those with `href` are http(s) addresses, to be shown as links. */
export function splitAtLinks(text: string): { text: string; href?: string }[] {
  const parts: { text: string; href?: string }[] = [];
  let end = 0;
  for (const { 0: found, index } of text.matchAll(ADDRESS)) {
    const address = trimEnd(found);
    if (!URL.canParse(address)) continue;
    parts.push({ text: text.slice(end, index) }, { text: address, href: address });
    end = index + address.length;
  }
  return [...parts, { text: text.slice(end) }].filter((part) => part.text !== '');
}

/** What follows an address in a sentence is not part of it, unless it closes a bracket inside. */
function trimEnd(address: string): string {
  let end = address.length;
  while (PUNCTUATION.includes(address.charAt(end - 1))) end -= 1;
  const trimmed = address.slice(0, end);
  const isOpen = trimmed.split('(').length > trimmed.split(')').length;
  return isOpen && address.startsWith(`${trimmed})`) ? `${trimmed})` : trimmed;
}
