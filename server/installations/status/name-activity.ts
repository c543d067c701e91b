/** Our own kinds in words. The others are Zendesk's event types, which speak for themselves. */
export function nameActivity(kind: string): string {
  if (kind === 'revoked') return 'Access revoked';
  const isEvent = kind.includes(':');
  return isEvent ? kind : kind.charAt(0).toUpperCase() + kind.slice(1).replaceAll('-', ' ');
}
