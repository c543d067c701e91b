const NAMES = new Map([
  ['install', 'Install'],
  ['webhook', 'Webhook'],
  ['account', 'Account'],
  ['connection', 'Connection'],
  ['privacy', 'Privacy'],
  ['access', 'Access'],
  ['revoked', 'Access revoked'],
  ['remove-callback', 'Remove callback'],
  ['failed', 'Failed'],
]);

/** Our own kinds in words. The others are Zendesk's event types, which speak for themselves. */
export function nameActivity(kind: string): string {
  return NAMES.get(kind) ?? kind;
}
