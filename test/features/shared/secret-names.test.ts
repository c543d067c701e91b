import { expect, it } from 'vitest';
import { nameSecret, redactPayload } from '../../../server/features/shared/secret-names.ts';
import { SECRET_FIELDS } from '../../support/secrets/secret-fields.ts';

it('hides what is named like a secret, at any depth and of any kind, and nothing else', () => {
  const payload = {
    client: { type: 'ios', pushNotificationToken: 'device-1' },
    metadata: {
      Authorization: 'Bearer 1',
      api_key: 'key-1',
      'X-API-Key': 'key-2',
      clientSecret: ['secret-1', { inner: 'secret-2' }],
      password: 42,
      sessionCookie: null,
    },
    author: { displayName: 'A. Uthor' },
    text: 'my token is secret',
  };

  expect(JSON.parse(redactPayload(JSON.stringify(payload)))).toEqual({
    client: { type: 'ios', pushNotificationToken: '[hidden]' },
    metadata: {
      Authorization: '[hidden]',
      api_key: '[hidden]',
      'X-API-Key': '[hidden]',
      clientSecret: '[hidden]',
      password: '[hidden]',
      sessionCookie: null,
    },
    author: { displayName: 'A. Uthor' },
    text: 'my token is secret',
  });
});

it('keeps characters that only JSON can write', () => {
  const payload = String.raw`{"text":"\u0000 \ud800 <b>"}`;
  expect(redactPayload(payload)).toBe(payload);
});

it('says so when an event is nested more deeply than can be walked', () => {
  const deep = `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
  expect(redactPayload(deep)).toBe('"Nested too deeply to be shown."');
});

it('knows every name that the log is told beforehand, and those of OAuth where they are secrets', () => {
  const unknown = SECRET_FIELDS.filter((name) => nameSecret(name, true) === undefined);
  expect(unknown).toEqual([]);
  expect(nameSecret('code', true)).toBe('CODE');
  expect(nameSecret('code')).toBeUndefined();
  expect(nameSecret('Refresh-Token')).toBe('REFRESH_TOKEN');
});
