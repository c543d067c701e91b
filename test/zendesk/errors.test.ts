import { describe, expect, it } from 'vitest';
import { readZendeskForm } from '../../server/zendesk/errors.ts';

describe('the words of Zendesk', () => {
  it.each([
    [{ errors: [{ code: 'locked', title: 'Full.' }, { code: 'b' }] }, 'locked', 'Full.'],
    [{ errors: [{ code: 'gone', title: null }] }, 'gone', undefined],
    [{ errors: [{ title: 'Gone' }] }, undefined, 'Gone'],
  ])('are %j', (body, code, reason) => {
    expect(readZendeskForm(body)).toEqual({ code, reason });
  });

  it.each([
    [{ message: 'Forbidden' }],
    [{ error: 'invalid_grant' }],
    [{ errors: [] }],
    [{ errors: [{}] }],
    [{ errors: [{ message: 'Forbidden' }] }],
    [{ errors: [{ code: '', title: '' }] }],
    [{ errors: ['Forbidden'] }],
    [{ errors: { code: 'forbidden' } }],
    [[{ code: 'forbidden' }]],
    ['errors'],
    [null],
    [undefined],
  ])('are not %j', (body) => {
    expect(readZendeskForm(body)).toBeUndefined();
  });
});
