import { expect, it } from 'vitest';
import { AppError, explainFailure, messageOf, notFound, OperatorError } from '../server/errors.ts';

it('a failure has the status of a bad request, or the one that it brings', () => {
  const cause = new Error('the reason');
  expect(new AppError('consent_denied', 'No.', 'Try again.', { cause })).toMatchObject({
    status: 400,
    cause,
  });
  expect(new AppError('soup_too_hot', 'No.', 'Wait.', { status: 409, cause })).toMatchObject({
    code: 'soup_too_hot',
    status: 409,
    cause,
  });
  expect(notFound()).toMatchObject({ code: 'not_found', status: 404 });
});

it('the terminal shows the stack of what nobody expected, and of nothing else', () => {
  expect(explainFailure(new OperatorError('Set PORT.'))).toBe('Set PORT.');
  expect(explainFailure('a text')).toBe('a text');
  expect(explainFailure(new TypeError('x is not a function'))).toMatch(
    /^x is not a function\n.+at /s,
  );
});

it('of failures that come together, each has its say', () => {
  const all = new AggregateError([new Error('over IPv4'), new Error('over IPv6')], '');
  expect(messageOf(all)).toBe('over IPv4; over IPv6');
});

it('whatever was thrown, there is something to say of it', () => {
  const graphQl: unknown = Object.create(null);
  const odd = Object.assign(new Error('no'), { message: graphQl });
  expect(messageOf(odd)).toContain('cannot be made a text');
  expect(messageOf(graphQl)).toContain('no Error but an object with nothing in it');
  expect(messageOf({ status: 429, token: 'secret' })).toBe(
    'What was thrown is no Error but an object with status, token, so nobody knows where.',
  );
  expect(messageOf({ status: 429, message: 'Too many.' })).toBe('Too many.');
  expect([messageOf(undefined), messageOf(Symbol('x'))]).toEqual(['undefined', 'Symbol(x)']);
});
