import { z } from 'zod';
import { Done } from '../remote-call.ts';
import { RemoteError } from '../remote-error.ts';
import type { ApiCall } from './client.ts';
import type { Metadata } from './conversations.ts';

const known = z
  .string()
  .nullish()
  .transform((text) => text ?? undefined);

/** What Zendesk stores of a user (OpenAPI user, with its profile laid flat). */
const OneUser = z
  .object({
    user: z.object({
      id: z.string(),
      externalId: known,
      authenticated: z.boolean().optional(),
      signedUpAt: known,
      profile: z
        .object({
          givenName: known,
          surname: known,
          email: known,
          avatarUrl: known,
          locale: known,
          localeOrigin: known,
        })
        .partial()
        .default({}),
      metadata: z.record(z.string(), z.unknown()).nullish(),
      identities: z
        .array(z.object({ type: z.string(), value: z.string(), verification: known }))
        .default([]),
    }),
  })
  .transform(({ user: { profile, metadata, ...user } }) => ({
    ...user,
    ...profile,
    name: [profile.givenName, profile.surname].filter(Boolean).join(' ') || undefined,
    metadata: metadata ?? {},
  }));

export type Profile = z.infer<typeof OneUser>;

/** Each up to 128 characters, an address up to 2 048; null clears a field (OpenAPI profile). */
export type ProfileChanges = Partial<
  Record<'givenName' | 'surname' | 'email' | 'avatarUrl' | 'locale', string | null>
>;

export function userCalls(call: ApiCall) {
  const one = (id: string) => `/users/${encodeURIComponent(id)}`;
  return {
    get: (id: string): Promise<Profile> => call('GetUser', 'GET', one(id), OneUser),
    update: (id: string, changes: { profile?: ProfileChanges; metadata?: Metadata }) =>
      call('UpdateUser', 'PATCH', one(id), Done, changes),
    /** Creates the user unless it exists: 409 is the platform's word for "there already". */
    async ensure(externalId: string): Promise<void> {
      try {
        await call('CreateUser', 'POST', '/users', Done, { externalId });
      } catch (error) {
        if (!(error instanceof RemoteError && error.status === 409)) throw error;
      }
    },
  };
}
