import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { redactCall } from '../../../server/features/timeline/redact-call.ts';
import { toCurl } from '../../../server/features/timeline/to-curl.ts';

/** What a shell makes of the command: the arguments that curl would get. */
function runInShell(command: string, shell = '/bin/sh'): string[] {
  const script = `curl() { printf '%s\\0' "$@"; }\n${command}`;
  const env = { TOKEN: 'the-token', CODE: 'the-code', CLIENT_SECRET: 'the-secret' };
  return execFileSync(shell, ['-c', script], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
    .split('\0')
    .slice(0, -1);
}

/** What of a line cmd.exe sees outside its only quotes, the double ones, in which it runs nothing. */
function outsideQuotesInCmd(line: string): string {
  return line.replaceAll(/"[^"]*"?/g, '');
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
      '--globoff',
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
    '" & echo X & "',
    '%PATH% !PATH! ^& <in >out | more',
    '‘; echo X; ’ “$(echo X)” \u202etxt.exe\u2029',
    '\\" & echo X & \\\\"\u0000\u001b[31m\ud800',
  ])('runs nothing that a customer wrote, in any shell: %j', (text) => {
    const command = toCurl(describeCall('POST', { text, [text]: [text] }));
    const expected = text.replaceAll('⟦', '[').replaceAll('⟧', ']');
    for (const shell of ['/bin/sh', '/bin/bash']) {
      const sent = JSON.parse(runInShell(command, shell).at(-1) ?? '');
      expect(sent).toEqual({ text: expected, [expected]: [expected] });
    }
    const [body = ''] = /(?<=--data-raw ').*(?='$)/s.exec(command) ?? [];
    expect(body).toMatch(/^\{.*\}$/);
    expect(outsideQuotesInCmd(body)).not.toMatch(/[&|<>^\n]/);
    expect(body).not.toMatch(/[%!&|<>^`$'\u2018-\u201f\p{Cc}\u202e\u2029]/u);
  });

  it('puts nothing into a header or an address that a shell would run', () => {
    const loud = `a'b"c&d|e$(f)\`g\`h!i%j^k<l>m\\n ö`;
    const command = toCurl({
      ...describeCall('GET', null),
      url: `https://acme.zendesk.com/${loud}?a=${loud}&b=2`,
      requestHeaders: { 'X-Name': loud, 'X-Plain': 'Tom and Co' },
    });
    const [url = '', , header, , plain] = runInShell(command, '/bin/bash');
    expect(new URL(url).searchParams.get('b')).toBe('2');
    expect(url).not.toMatch(/['"$`!^<>\\]/);
    expect(header).toBe(`X-Name: ${loud}`);
    expect(plain).toBe('X-Plain: Tom and Co');
    expect(command).toContain(`-H 'X-Plain: Tom and Co'`);
    const lines = command.split(' \\\n  ');
    for (const line of lines) expect(outsideQuotesInCmd(line)).not.toMatch(/[&|<>^\n%!]/);
  });

  it('sends a body that is no JSON as it is, too', () => {
    const text = "grant_type=it's&b=%26\n";
    const call = { ...describeCall('POST', null), requestBody: { text, cut: false } };
    expect(runInShell(toCurl(call), '/bin/bash').at(-1)).toBe(text);
  });

  it('takes a file of its runner where one was uploaded, whatever it was called', () => {
    const requestHeaders = { 'Content-Type': 'multipart/form-data', Accept: 'application/json' };
    const upload = (text: string) =>
      runInShell(
        toCurl({
          ...describeCall('POST', null),
          requestHeaders,
          requestBody: { text, cut: false },
        }),
        '/bin/bash',
      ).slice(-4);
    const form = { source: { name: 'a.png', mediaType: 'image/png', bytes: 7 } };
    const accept = ['-H', 'Accept: application/json', '--form'];
    expect(upload(JSON.stringify(form))).toEqual([...accept, 'source=@file;type=image/png']);
    const odd = { source: { mediaType: "$(id) '`" } };
    expect(upload(JSON.stringify(odd)).at(-1)).toBe("source=@file;type=$(id) '`");
    expect(upload('{"source":{"name":"aaa').at(-1)).toContain('type=application/octet-stream');
  });

  it('takes a body that was cut from a file', () => {
    const command = toCurl(describeCall('POST', { text: 'x'.repeat(5_000) }));
    expect(runInShell(command).slice(-2)).toEqual(['--data', '@body.json']);
  });
});
