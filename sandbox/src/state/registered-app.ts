import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { webAddress } from './values.ts';

/** What the maker of an app tells those who are asked to allow it. */
export const appDetailsSchema = z.object({
  logoUrl: z.string(),
  name: z.string(),
  shortDescription: z.string(),
  about: z.string(),
  /** One bullet each. */
  whatYouCanDo: z.array(z.string()),
});

export type AppDetails = z.infer<typeof appDetailsSchema>;

/** What every registry keeps of an app. The secret itself is kept nowhere. */
export const registeredAppSchema = z.object({
  clientId: z.string(),
  secretHash: z.string(),
  details: appDetailsSchema,
  redirectUris: z.array(z.string()),
});

/** An app as a program registers it. */
export const appInputSchema = z.object({
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  name: z.string().min(1),
  iconUrl: webAddress.optional(),
  shortDescription: z.string().optional(),
  about: z.string().optional(),
  whatYouCanDo: z.array(z.string()).optional(),
  redirectUris: z.array(webAddress).min(1),
});

export function toRegisteredApp(
  given: z.infer<typeof appInputSchema>,
): z.infer<typeof registeredAppSchema> {
  return {
    clientId: given.clientId,
    secretHash: hashSecret(given.clientSecret),
    details: {
      logoUrl: given.iconUrl ?? '',
      name: given.name,
      shortDescription: given.shortDescription ?? '',
      about: given.about ?? '',
      whatYouCanDo: given.whatYouCanDo ?? [],
    },
    redirectUris: given.redirectUris,
  };
}

export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Enough for secrets nobody can guess; a password would need a slow hash. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

export function isSecretOf({ secretHash }: { secretHash: string }, secret: string): boolean {
  return timingSafeEqual(Buffer.from(secretHash, 'hex'), Buffer.from(hashSecret(secret), 'hex'));
}
