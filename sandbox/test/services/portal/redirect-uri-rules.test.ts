import { describe, expect, it } from 'vitest';
import { EMPTY_APP } from '../../../src/services/portal/create-drafts.ts';
import { redirectUrisSection } from '../../../src/services/portal/forms/redirect-uris-section.ts';

function findProblems(redirectUris: string[]) {
  return Object.values(redirectUrisSection.findProblems({ ...EMPTY_APP, redirectUris }));
}

describe('a redirect URI', () => {
  it.each([
    'https://example.com/callback',
    'https://example.com:8443/callback?tenant=1',
    'http://localhost:3000/callback',
    'http://127.0.0.1/callback',
    'http://[::1]:3000/callback',
  ])('may be %s', (uri) => {
    expect(findProblems([uri])).toEqual([]);
  });

  it.each([
    ['plain http elsewhere', 'http://example.com/callback', 'https://'],
    ['a host that only begins with localhost', 'http://localhost.example.com/', 'https://'],
    ['a fragment', 'https://example.com/#done', 'fragment'],
    ['an empty fragment', 'https://example.com/#', 'fragment'],
    ['a Cyrillic letter', 'https://ex\u0430mple.com/', 'look-alike'],
    ['a slash that is none', 'https://example.com\u2044callback', 'look-alike'],
    ['a look-alike in the path', 'https://example.com/c\u0430llback', 'look-alike'],
    ['a look-alike in ASCII', 'https://xn--exmple-4nf.com/', 'look-alike'],
    ['a space', 'https://example.com/call back', 'space'],
    ['a user name', 'https://example.com@evil.example/', 'disguises'],
    ['a backslash', 'https://example.com\\@evil.example/', 'disguises'],
    ['a wildcard', 'https://example.com/*', '*'],
    ['a script', 'javascript:alert(1)', 'https://'],
    ['no address', 'example.com/callback', 'whole address'],
  ])('may not have %s', (_case, uri, text) => {
    expect(findProblems([uri])).toEqual([expect.stringContaining(text)]);
  });

  it('may not be given twice', () => {
    const uri = 'https://example.com/callback';
    expect(findProblems([uri, `${uri}/`, uri])).toEqual([expect.stringContaining('already')]);
  });
});
