import { nameSecret } from '../timeline/find-secrets.ts';

const HIDDEN = '[hidden]';

/**
 * A stored payload as JSON for people. Zendesk's own payloads hold one thing to hide, the
 * `pushNotificationToken` of a customer's device (OpenAPI Client); what a bot or a channel puts into
 * metadata is unknown, so whatever is named like a secret is hidden.
 */
export function redactPayload(payload: string, indent = 0): string {
  try {
    return JSON.stringify(JSON.parse(payload), hideSecrets, indent);
  } catch (error) {
    // JSON.stringify calls itself for each level.
    if (error instanceof RangeError) return JSON.stringify('Nested too deeply to be shown.');
    throw error;
  }
}

function hideSecrets(name: string, value: unknown): unknown {
  return nameSecret(name) !== undefined && value !== null ? HIDDEN : value;
}
