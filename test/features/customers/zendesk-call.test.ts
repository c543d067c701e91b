import { afterEach, describe, expect, it } from 'vitest';
import { RemoteError } from '../../../server/remote-error.ts';
import type { OnMessage } from '../../../server/runtime/types.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';

let chat: Chat;
afterEach(() => chat.shop.close());

type Call = Parameters<OnMessage>[0]['zendesk']['call'];

/** What one call comes to: its answer, or its error. */
async function callOnce(make: (call: Call) => Promise<unknown>): Promise<unknown> {
  let result: unknown;
  chat = await openChat({
    onMessage: async ({ zendesk }) => {
      result = await make(zendesk.call).catch((error: unknown) => error);
    },
  });
  await chat.say();
  return result;
}

describe('zendesk.call', () => {
  it('reaches an operation of the account, and fails as every call does', async () => {
    const answer = await callOnce((call) => call('GET', `/users/${chat.userId}`));
    expect(answer).toMatchObject({ user: { id: chat.userId } });
    await chat.shop.close();
    const refused = await callOnce((call) => call('GET', '/users/unknown?page[size]=1'));
    expect(refused).toMatchObject({ operation: 'ZendeskCall', status: 404 });
    expect(refused).toBeInstanceOf(RemoteError);
  });

  it('sends a body, and returns nothing where the service says nothing', async () => {
    const answer = await callOnce((call) =>
      call('POST', `/conversations/${chat.conversationId}/activity`, {
        author: { type: 'business' },
        type: 'typing:start',
      }),
    );
    expect(answer).toEqual({});
    expect(chat.callsOf('PostActivity').at(-1)?.body).toMatchObject({ type: 'typing:start' });
  });

  it.each([
    'users',
    '',
    'https://shop.example/users',
    '//shop.example/users',
    '/../../apps/other/users',
    '/users/../../other',
    '/users/./x',
    '/users\\x',
    '/users#x',
    '/a b',
    `/${'x'.repeat(8_000)}`,
  ])('refuses %j, which is no path in the account’s app', async (path) => {
    const calls = () => chat.zendesk.calls.length;
    let before = 0;
    const problem = await callOnce((call) => {
      before = calls();
      return call('GET', path);
    });
    expect(problem).toBeInstanceOf(RangeError);
    expect(calls()).toBe(before);
  });
});
