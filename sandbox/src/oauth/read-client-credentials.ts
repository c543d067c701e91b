import { z } from 'zod';

const bodySchema = z.object({ client_id: z.string(), client_secret: z.string() });

/**
 * Who calls, by HTTP Basic or by fields of the body. `decode` is what the service does to the two
 * parts of Basic after base64: RFC 6749 §2.3.1 asks for form-decoding, not every service does it.
 */
export function readClientCredentials(
  authorization: string | undefined,
  fields: unknown,
  decode: (part: string) => string,
): { clientId: string; clientSecret: string } | undefined {
  const encoded = /^Basic (.+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) {
    const body = bodySchema.safeParse(fields).data;
    return body && { clientId: body.client_id, clientSecret: body.client_secret };
  }
  const pair = Buffer.from(encoded, 'base64').toString();
  const colon = pair.indexOf(':');
  if (colon < 0) return undefined;
  return {
    clientId: decode(pair.slice(0, colon)),
    clientSecret: decode(pair.slice(colon + 1)),
  };
}
