import { describe, expect, it } from 'vitest';
import { adminCenterUrl, apiBaseUrl, checkSubdomain } from '../../server/zendesk/urls.ts';

const urls = {
  oauthUrl: 'https://oauth-bridge.zendesk.com/sc',
  apiUrl: 'https://{subdomain}.zendesk.com/sc',
  legacyApiUrl: 'https://api.smooch.io',
};

describe('a subdomain', () => {
  it.each(['acme', 'a', '0', 'acme-outdoor-2', 'a--b', 'a'.repeat(63)])(
    'may be %s',
    (subdomain) => {
      expect(checkSubdomain(subdomain)).toBe(subdomain);
      expect(new URL(apiBaseUrl(urls, subdomain)).host).toBe(`${subdomain}.zendesk.com`);
    },
  );

  it.each([
    ['a path', 'evil.com/'],
    ['a path without a dot', 'evil/'],
    ['a host', 'evil.com'],
    ['a label of its own', 'a.b'],
    ['a leading dash', '-x'],
    ['64 characters', 'a'.repeat(64)],
    ['upper case', 'Acme'],
    ['nothing', ''],
    ['a space', ' acme'],
    ['a line break', 'acme\n'],
    ['a look-alike', 'аcme'],
    ['an umlaut', 'bücher'],
    ['credentials', 'user@evil'],
    ['a port', 'evil:80'],
    ['a fragment', 'evil#'],
    ['a query', 'evil?'],
    ['an escape', 'evil%2f'],
    ['a backslash', 'evil\\'],
    ['a replacement pattern', "$'"],
    ['NUL', 'acme\u0000'],
  ])('is refused with %s', (_name, subdomain) => {
    expect(() => checkSubdomain(subdomain)).toThrow(
      expect.objectContaining({ code: 'subdomain_invalid' }),
    );
    expect(() => apiBaseUrl(urls, subdomain)).toThrow('cannot be one');
    expect(() => adminCenterUrl(urls, subdomain)).toThrow('cannot be one');
  });

  it('is not repeated in the refusal, which ends up on a page', () => {
    expect(() => checkSubdomain('<evil>')).toThrow(expect.not.stringContaining('evil'));
  });
});

describe('the addresses of an account', () => {
  it('are the legacy ones when it has no subdomain', () => {
    expect(apiBaseUrl(urls, null)).toBe('https://api.smooch.io');
    expect(adminCenterUrl(urls, null)).toBe('https://www.zendesk.com/admin');
  });

  it('lead to the page where an admin assigns the bot', () => {
    expect(adminCenterUrl(urls, 'acme')).toBe(
      'https://acme.zendesk.com/admin/ai/ai-agents/ai-agents/marketplace-bots',
    );
  });
});
