import { describe, expect, it } from 'vitest';
import { judgeFailure, NeverEndedError } from '../../../server/inbox/retry.ts';
import type { StoredEvent } from '../../../server/store/schema.ts';
import { RemoteError } from '../../../server/remote-error.ts';

const AT = 1_000_000;

function event(attempts: number): StoredEvent {
  return {
    seq: 1,
    installation_id: 'installation',
    event_id: 'event',
    type: 'conversation:message',
    conversation_key: 'installation/conversation',
    payload: '{}',
    state: 'working',
    attempts,
    attempts_allowed: 8,
    run_at: 0,
    lease_owner: 'us',
    lease_until: AT,
    note: null,
    received_at: 0,
    settled_at: null,
  };
}

const answered = (status: number, retryAfterMs?: number) =>
  new RemoteError('PostMessage', {
    status,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });

describe('judging a failed attempt', () => {
  it('keeps of a message as long as a page the beginning, by which the same one is known again', () => {
    const error = new TypeError(`Not JSON: ${'🙂'.repeat(100_000)}`);
    const { note } = judgeFailure(event(1), error, AT);
    expect(note).toMatch(/^Not JSON: .*…$/u);
    expect([(note ?? '').length <= 2_000, note?.isWellFormed()]).toEqual([true, true]);
    expect(judgeFailure({ ...event(2), note }, error, AT).state).toBe('failed');
  });

  it.each([
    ['no answer', new RemoteError('PostMessage', { reason: 'time-out' })],
    ['408', answered(408)],
    ['429', answered(429)],
    ['403 of a firewall', new RemoteError('PostMessage', { reason: 'status 403, text/html' })],
    ['a redirect', new RemoteError('PostMessage', { isMisdirected: true })],
    ['500', answered(500)],
    ['503', answered(503)],
    ['401, when the token turned out to be good', answered(401)],
    ['a bug in a handler', new TypeError('x is not a function')],
    ['something thrown that is no error', 'oops'],
  ])('repeats it after %s', (_name, error) => {
    const settlement = judgeFailure(event(1), error, AT);
    expect(settlement.state).toBe('waiting');
    expect(settlement.runAt).toBeGreaterThanOrEqual(AT + 1_000);
    expect(settlement.runAt).toBeLessThanOrEqual(AT + 1_250);
    expect(settlement.activity).toBeUndefined();
  });

  it.each([
    ['400', answered(400)],
    ['403', answered(403)],
    ['423', answered(423)],
    ['attempts that never ended', new NeverEndedError({ attempts: 2 })],
  ])('fails it at once after %s', (_name, error) => {
    const settlement = judgeFailure(event(1), error, AT);
    expect(settlement).toMatchObject({ state: 'failed', activity: { kind: 'failed' } });
    expect(settlement.runAt).toBeUndefined();
  });

  describe('of a handler', () => {
    const later = (error: unknown, note: string | null) =>
      judgeFailure({ ...event(2), note }, error, AT);
    const undefinedThing = () => new TypeError("Cannot read properties of undefined (reading 'x')");

    it.each([
      undefinedThing(),
      new ReferenceError('order is not defined'),
      new SyntaxError('Unexpected token'),
      new RangeError('The text of reply() is empty.'),
      new URIError('URI malformed'),
    ])('gives up at the second attempt when it is the same bug as before: %s', (error) => {
      expect(later(error, error.message)).toMatchObject({
        state: 'failed',
        note: `Given up after the same error twice: ${error.message}`,
      });
    });

    it.each([
      ['another bug', undefinedThing(), 'order is not defined'],
      ['a bug after another kind of failure', undefinedThing(), 'PostMessage: status 500'],
      ['a bug after nothing was noted', undefinedThing(), null],
      ['an error of its own', new Error('The shop is closed.'), 'The shop is closed.'],
      [
        'a failure of the network',
        new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') }),
        'fetch failed',
      ],
      [
        'a body that broke off',
        new TypeError('terminated', { cause: new Error('other side closed') }),
        'terminated',
      ],
      ['an abort', new DOMException('Aborted', 'AbortError'), 'Aborted'],
    ])('goes on after %s', (_name, error, note) => {
      expect(later(error, note).state).toBe('waiting');
    });

    it('counts from a replay on', () => {
      const bug = undefinedThing();
      const replayed = { ...event(3), attempts_allowed: 10, note: bug.message };
      expect(judgeFailure(replayed, bug, AT).state).toBe('waiting');
      expect(judgeFailure({ ...replayed, attempts: 4 }, bug, AT).state).toBe('failed');
    });
  });

  it('repeats what is not found a few times, because it may be a merge that we do not know of yet', () => {
    for (const status of [404, 410]) {
      expect(judgeFailure(event(3), answered(status), AT).state).toBe('waiting');
      expect(judgeFailure(event(4), answered(status), AT).state).toBe('failed');
    }
  });

  it('waits as long as Zendesk asks for', () => {
    const { runAt } = judgeFailure(event(1), answered(503, 42_000), AT);
    expect(runAt).toBeGreaterThanOrEqual(AT + 42_000);
    expect(runAt).toBeLessThanOrEqual(AT + 43_000);
  });

  it('waits longer every time, and gives up after the attempts allowed', () => {
    expect(judgeFailure(event(7), answered(500), AT).runAt).toBeGreaterThanOrEqual(AT + 729_000);
    const last = judgeFailure(event(8), answered(500), AT);
    expect(last).toMatchObject({
      state: 'failed',
      note: 'Given up after 8 attempts: PostMessage: status 500',
    });
    expect(judgeFailure(event(9), answered(500), AT).state).toBe('failed');
  });

  it('says which event failed and why', () => {
    const { note, activity } = judgeFailure(event(1), answered(423), AT);
    expect(note).toBe('PostMessage: status 423');
    expect(activity?.text).toBe('conversation:message failed: PostMessage: status 423');
  });
});
