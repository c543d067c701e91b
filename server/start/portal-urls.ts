/** What the partner portal asks for, in the order of its form. */
const PORTAL_PATHS = [
  ['Redirect URL', '/oauth'],
  ['Configuration URL', '/settings'],
  ['Remove URL', '/remove'],
  ['Installation URL', '/install'],
  ['Privacy policy URL', '/privacy'],
] as const;

/** The addresses to register in the partner portal, ready to paste, one a line. */
export function describePortalUrls(publicUrl: string): string[] {
  return PORTAL_PATHS.map(([label, path]) => `${label.padEnd(19)}${publicUrl}${path}`);
}
