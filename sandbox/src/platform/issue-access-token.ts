import { createHmac, randomBytes } from 'node:crypto';
import { newId } from '../state/new-id.ts';

/**
 * A token that looks like the platform's: a JWT without expiry, signed with a key nobody keeps,
 * because clients have to treat it as opaque.
 */
export function issueAccessToken({ appId, clientId }: { appId: string; clientId: string }): string {
  const header = { alg: 'HS256', typ: 'JWT', kid: `app_${newId()}`, azp: clientId };
  const payload = { scope: 'integration', appId, iat: Math.floor(Date.now() / 1000) };
  const signed = `${encode(header)}.${encode(payload)}`;
  const signature = createHmac('sha256', randomBytes(32)).update(signed).digest('base64url');
  return `${signed}.${signature}`;
}

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
