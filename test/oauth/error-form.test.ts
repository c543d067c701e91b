import { describe, expect, it } from 'vitest';
import { readOAuthForm } from '../../server/oauth/error-form.ts';

describe('the words of an OAuth server or the API behind it', () => {
  it.each([
    ['RFC 6749', { error: 'invalid_grant', error_description: 'Expired.' }, 'Expired.'],
    ['a code alone', { error: 'invalid_grant' }, undefined],
    ['a description of null', { error: 'invalid_grant', error_description: null }, undefined],
    ['an empty description', { error: 'invalid_grant', error_description: '' }, undefined],
    [
      'a list of messages',
      { error: 'invalid_grant', message: ['Expired.', 'Sorry.'] },
      'Expired.; Sorry.',
    ],
    ['an error inside', { error: { code: 'invalid_grant' } }, undefined],
    ['an error inside with words', { error: { code: 'invalid_grant', message: 'No.' } }, 'No.'],
    ['odd neighbours', { error: 'invalid_grant', code: null, reason: 7, message: {} }, undefined],
  ])('are read member by member: %s', (_name, body, reason) => {
    expect(readOAuthForm(body)).toEqual({ code: 'invalid_grant', reason });
  });

  it.each([
    [
      'of its token endpoint',
      { reason: 'Invalid Token!', error: 'invalid_request' },
      'invalid_request',
    ],
    ['of its API', { code: 124, message: 'Invalid access token.' }, '124'],
    ['of its API without a message', { code: 124, message: null }, '124'],
    ['in one word, explained', { error: 'disabled', reason: 'The app is disabled.' }, 'disabled'],
  ])('are Zoom’s %s', (_name, body, code) => {
    expect(readOAuthForm(body)).toMatchObject({ code });
  });

  it.each([
    [{ message: 'Forbidden' }],
    [{ error: 'Forbidden' }],
    [{ error: 'Forbidden', message: 'Access denied by policy', statusCode: 403 }],
    [{ status: 403 }],
    [{ error: true }],
    [{ error: null }],
    [{ error: {} }],
    [{ error: ['invalid_grant'] }],
    [{ code: 403 }],
    [{ code: 403, message: 'Forbidden' }],
    [{ code: '401', message: 'Unauthorized' }],
    [{ error: { code: 401, message: 'Request had invalid authentication credentials.' } }],
    [{}],
    [[]],
    ['invalid_grant'],
    [null],
    [undefined],
  ])('are not %j', (body) => {
    expect(readOAuthForm(body)).toBeUndefined();
  });
});
