import type { Provider } from '../../provider.ts';

/**
 * Zoom's granular scopes, which apps have since 2024, and behind them the classic ones of older apps; those
 * for a whole account (`:admin`, `:master`) include the user's own (Zoom, granular scopes).
 */
export const neededScopes: NonNullable<Provider['neededScopes']> = {
  oauth2: [
    { anyOf: withWider('user:read:user', 'user:read'), to: 'say whose it is' },
    { anyOf: withWider('meeting:write:meeting', 'meeting:write'), to: 'schedule meetings' },
  ],
  custom: [
    {
      anyOf: [
        'user:read:list_users:admin',
        'user:read:list_users:master',
        'user:read:admin',
        'user:read:master',
      ],
      to: 'find the host of a meeting',
    },
    {
      anyOf: [
        'meeting:write:meeting:admin',
        'meeting:write:meeting:master',
        'meeting:write:admin',
        'meeting:write:master',
      ],
      to: 'schedule meetings',
    },
  ],
};

function withWider(granular: string, classic: string): [string, ...string[]] {
  const wider = [granular, classic].flatMap((scope) => [`${scope}:admin`, `${scope}:master`]);
  return [granular, classic, ...wider];
}
