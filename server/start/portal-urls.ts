import { features } from '../features.ts';

/** What the partner portal asks for, in the order of its form. */
const ADDRESSES = [
  { field: 'Redirect URL', path: '/oauth' },
  { field: 'Configuration URL', path: '/settings' },
  { field: 'Remove URL', path: '/remove' },
  { field: 'Installation URL', path: '/install' },
  ...features.flatMap(({ portalAddress }) => portalAddress ?? []),
];

/** The addresses to register in the partner portal, ready to paste, one a line. */
export function describePortalUrls(publicUrl: string): string[] {
  return ADDRESSES.map(({ field, path }) => `${field.padEnd(19)}${publicUrl}${path}`);
}
