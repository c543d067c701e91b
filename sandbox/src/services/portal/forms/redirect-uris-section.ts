import { z } from 'zod';
import type { Problems, Section } from './sections.ts';

const rowsSchema = z.object({ redirectUri: z.union([z.string(), z.array(z.string())]).catch([]) });

const LOCAL_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

export const redirectUrisSection: Section = {
  key: 'redirect-uris',
  title: 'Redirect URIs',
  read(body) {
    const rows = [rowsSchema.parse(body).redirectUri].flat().map((row) => row.trim());
    return { redirectUris: rows.filter((row) => row !== '') };
  },
  findProblems({ redirectUris }) {
    if (redirectUris.length === 0) return { 'redirectUri-0': 'Enter at least one redirect URI.' };
    const problems: Problems = {};
    for (const [index, uri] of redirectUris.entries()) {
      const isRepeated = redirectUris.indexOf(uri) < index;
      const problem = isRepeated ? 'This one is in the list already.' : findUriProblem(uri);
      if (problem !== undefined) problems[`redirectUri-${index}`] = problem;
    }
    return problems;
  },
};

function findUriProblem(uri: string): string | undefined {
  // A Cyrillic а looks like a Latin a, and xn-- is how such a host is written in ASCII.
  if (/[^\x21-\x7e]/.test(uri)) return 'Use plain letters: this has a space or a look-alike.';
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  if (!url) return 'Enter a whole address, like https://example.com/callback.';
  if (/(^|\.)xn--/.test(url.hostname)) return 'Use a host of plain letters: this is a look-alike.';
  const isLocal = url.protocol === 'http:' && LOCAL_HOSTS.has(url.hostname);
  if (url.protocol !== 'https:' && !isLocal) return 'Use https://, or http://localhost for tests.';
  if (uri.includes('#')) return 'Leave out the fragment, the part from # on.';
  if (url.username !== '' || url.password !== '' || uri.includes('\\')) {
    return 'Leave out what disguises the host: user names and backslashes.';
  }
  return uri.includes('*') ? 'Write it out: * matches nothing.' : undefined;
}
