import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { redactCall } from '../../server/explain/redact-call.ts';
import { toCurl } from '../../server/explain/to-curl.ts';

/** What a shell makes of the command: the arguments that curl would get. */
function runInShell(command: string): string[] {
  const script = `curl() { printf '%s\\0' "$@"; }\n${command}`;
  const env = { TOKEN: 'the-token', CODE: 'the-code', CLIENT_SECRET: 'the-secret' };
  return execFileSync('/bin/sh', ['-c', script], { env, encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);
}

const describeCall = (method: string, body: unknown) =>
  redactCall({
    method,
    url: 'https://acme.zendesk.com/sc/v2/apps/1/messages?filter[a]=b',
    headers: { Authorization: 'Bearer abc.def', Accept: 'application/json' },
    body: body === null ? null : JSON.stringify(body),
    answer: null,
    durationMs: 1,
  });

describe('a call as curl', () => {
  it('has a variable in place of the token', () => {
    const command = toCurl(describeCall('GET', null));
    expect(command).toContain(`-H 'Authorization: Bearer '"$TOKEN"`);
    expect(runInShell(command)).toEqual([
      'https://acme.zendesk.com/sc/v2/apps/1/messages?filter[a]=b',
      '-H',
      'Authorization: Bearer the-token',
      '-H',
      'Accept: application/json',
    ]);
  });

  it('sends the same body, with the secrets of whoever runs it', () => {
    const body = { grant_type: 'authorization_code', code: 'c0de', client_secret: 's3cret' };
    const sent = runInShell(toCurl(describeCall('POST', body)));
    expect(sent.slice(0, 2)).toEqual(['-X', 'POST']);
    expect(JSON.parse(sent.at(-1) ?? '')).toEqual({
      ...body,
      code: 'the-code',
      client_secret: 'the-secret',
    });
  });

  it.each([
    '$(touch /tmp/oops) `id` $TOKEN "$TOKEN" ${TOKEN}',
    `it's '"$TOKEN"' \\' "quoted"`,
    '⟦TOKEN⟧ and ⟦CODE⟧',
    'two\nlines; rm -rf / # done',
  ])('runs nothing that a customer wrote: %s', (text) => {
    const sent = runInShell(toCurl(describeCall('POST', { text })));
    const expected = text.replaceAll('⟦', '[').replaceAll('⟧', ']');
    expect(JSON.parse(sent.at(-1) ?? '')).toEqual({ text: expected });
  });

  it('takes a body that was cut from a file', () => {
    const command = toCurl(describeCall('POST', { text: 'x'.repeat(5_000) }));
    expect(runInShell(command).slice(-2)).toEqual(['--data', '@body.json']);
  });
});
