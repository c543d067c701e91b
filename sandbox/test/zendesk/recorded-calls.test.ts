import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkRecordedCalls } from '../../../test/support/openapi/check.ts';
import { descriptionIsAvailable } from '../../../test/support/openapi/description.ts';
import { startWorld } from '../support/start-world.ts';
import type { World } from '../support/start-world.ts';

describe.runIf(descriptionIsAvailable)(
  'checking recorded calls against the API description',
  () => {
    let world: World;

    beforeEach(async () => {
      world = await startWorld();
      await world.install().call('POST', '/users', { externalId: 'somebody' });
    });

    afterEach(() => world.close());

    it('accepts what the sandbox was asked and answered', () => {
      expect(world.control.calls).toHaveLength(1);
      checkRecordedCalls(world.control.calls);
    });

    it('names the call that is refused with a code that Zendesk does not have', () => {
      const answer = { errors: [{ code: 'nobody_there', title: 'Nobody is there' }] };
      const calls = world.control.calls.map((call) => ({ ...call, status: 404, answer }));
      expect(() => checkRecordedCalls(calls)).toThrow('there is no error 404 nobody_there');
    });

    it.each([
      ['request', { body: { externalId: 'somebody', id: 'mine' } }],
      ['answer', { answer: { user: { id: 5 } } }],
      ['answer', { answer: { user: { id: 'mine', nickname: 'Mo' } } }],
      ['answer', { answer: {} }],
      ['answer', { status: 409, answer: { error: 'conflict' } }],
      ['status', { status: 200 }],
    ])('names the call whose %s does not fit', (what, change) => {
      const calls = world.control.calls.map((call) => ({ ...call, ...change }));
      expect(() => checkRecordedCalls(calls)).toThrow(
        new RegExp(`CreateUser \\(POST .*\\): ${what} does not fit`),
      );
    });
  },
);
