import type { IncomingHttpHeaders } from 'node:http';
import { oauthNames } from '../machine-calls.ts';
import { readWorldId } from './world-key.ts';

interface MachineRequest {
  path: string;
  headers: IncomingHttpHeaders;
  query: object;
  body: unknown;
}

/** Calls that may have the credential in the body, where others have it in a header. */
export const TOKEN_CALLS = new RegExp(`^/(sc|${oauthNames})/oauth/(token|revoke)/?$`, 'i');

const CREDENTIAL_FIELDS = ['code', 'refresh_token', 'token', 'client_id'];

/**
 * The id of the world whose credential a call carries, or whose file it asks for; whether that world knows
 * it is for it to say.
 */
export function findCredentialWorldId({ path, headers, query, body }: MachineRequest) {
  const file = /^\/attachments\/([^/]+)/i.exec(path)?.[1];
  if (file !== undefined) return readWorldId(file);
  const [scheme = '', value = ''] = (headers.authorization ?? '').split(' ', 2);
  if (/^bearer$/i.test(scheme)) return readWorldId(value);
  const fields = new Map<string, unknown>(Object.entries({ ...query, ...Object(body) }));
  const candidates = CREDENTIAL_FIELDS.map((name) => fields.get(name));
  if (/^basic$/i.test(scheme)) candidates.push(readBasicId(value));
  for (const candidate of candidates) {
    const worldId = typeof candidate === 'string' ? readWorldId(candidate) : undefined;
    if (worldId !== undefined) return worldId;
  }
  return undefined;
}

/** RFC 6749 §2.3.1 lets clients percent-encode their id, hyphens included. */
function readBasicId(encoded: string): string {
  const [id = ''] = Buffer.from(encoded, 'base64').toString().split(':', 1);
  return id.replaceAll(/%2d/gi, '-');
}
