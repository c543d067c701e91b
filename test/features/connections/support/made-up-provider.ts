import { vi } from 'vitest';
import { classifyFailure } from '../../../../server/features/connections/classify.ts';
import type { Provider } from '../../../../server/features/connections/provider.ts';

declare module '../../../../server/features/connections/provider.ts' {
  interface Connections {
    /** Optional, because only a test brings this provider along. */
    'made-up'?: { readOrder: () => Promise<{ ok: boolean }> };
  }
}

/** A third provider, as its one file would make it, that talks to nobody. */
export function createMadeUpProvider() {
  return {
    id: 'made-up',
    name: 'Made Up',
    authTypes: ['oauth2', 'custom'],
    usedFor: 'The bot answers “order” with the state of an order.',
    authorizeUrl: 'https://made-up.example/authorize',
    authorize: vi.fn<Provider['authorize']>(
      async ({ state }) => new URL(`https://made-up.example/authorize?state=${state}`),
    ),
    exchange: vi.fn<Provider['exchange']>(async () => ({
      accessToken: 'made-up-access',
      refreshToken: 'made-up-refresh',
      expiresInMs: 60 * 60_000,
    })),
    refresh: vi.fn<Provider['refresh']>(async () => ({ accessToken: 'made-up-access-2' })),
    requestAccess: vi.fn<NonNullable<Provider['requestAccess']>>(async () => ({
      accessToken: 'made-up-access',
    })),
    test: vi.fn<Provider['test']>(async () => ({
      userId: 'user-1',
      accountId: null,
      label: 'somebody@made-up.example',
    })),
    revoke: vi.fn<Provider['revoke']>(async () => {}),
    classifyError: (error) => classifyFailure('Made Up', error),
    openTools: (use) => ({
      readOrder: () => use(async ({ accessToken }) => `order read with ${accessToken}`),
    }),
  } satisfies Provider;
}
