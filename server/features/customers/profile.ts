import { z } from 'zod';
import type { Core } from '../../core.ts';
import { Done } from '../../remote-call.ts';
import { isGone } from '../../remote-error.ts';
import type { Customer, Metadata, Profile } from '../../runtime/types.ts';
import type { Attempt } from '../attempt.ts';
import { findLivingId } from '../gone.ts';

declare module '../../runtime/types.ts' {
  export type Profile = z.infer<typeof OneUser>;

  /** Each up to 128 characters, an address up to 2 048; null clears a field (OpenAPI profile). */
  export type ProfileChanges = Partial<
    Record<'givenName' | 'surname' | 'email' | 'avatarUrl' | 'locale', string | null | undefined>
  >;

  export interface Customer extends KnownCustomer {
    /** Asks Zendesk, once an attempt. @throws RemoteError */
    profile: () => Promise<Profile>;
    /** Changes what Zendesk stores of the customer; what is not named stays. @throws RemoteError */
    update: (changes: {
      profile?: ProfileChanges | undefined;
      metadata?: Metadata | undefined;
    }) => Promise<void>;
  }

  interface Tools {
    customer: Customer;
  }
}

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

/** Asks Zendesk once an attempt, and anew after a change. */
export function openCustomer(
  core: Pick<Core, 'database' | 'parts'>,
  {
    client,
    customer,
    installation,
    signal,
  }: Pick<Attempt, 'client' | 'customer' | 'installation' | 'signal'>,
): Customer {
  const user = { kind: 'user', installationId: installation.id, id: customer.id } as const;
  let asked: Promise<Profile> | undefined;

  /** Whoever signed in after the event was sent is known under another id by now. */
  async function findPath(): Promise<string> {
    return pathOf(await findLivingId(core, core.database.kysely, user));
  }

  async function call<Answer>(send: (path: string) => Promise<Answer>): Promise<Answer> {
    const path = pathOf(customer.id);
    try {
      return await send(path);
    } catch (error) {
      const now = isGone(error) ? await findPath() : path;
      if (now === path) throw error;
      return await send(now);
    }
  }

  return {
    ...customer,
    profile: () => (asked ??= call((path) => client.call('GetUser', 'GET', path, OneUser))),
    async update(changes) {
      signal.throwIfAborted();
      asked = undefined;
      await call((path) => client.call('UpdateUser', 'PATCH', path, Done, changes));
    },
  };
}

const pathOf = (userId: string): string => `/users/${encodeURIComponent(userId)}`;
