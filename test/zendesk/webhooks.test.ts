import { describe, expect, it } from 'vitest';
import { planWebhook } from '../../server/zendesk/webhooks.ts';
import type { Webhook } from '../../server/zendesk/webhooks.ts';

const wanted = {
  target: 'https://bot.example.com/webhooks/1',
  triggers: ['conversation:message', 'conversation:postback'],
};

function webhook(id: string, changes: Partial<Webhook> = {}): Webhook {
  return { id, ...wanted, secret: `secret-${id}`, ...changes };
}
const foreign = (id: string) => webhook(id, { target: `https://other.example.com/${id}` });

function plan(existing: Webhook[], storedId: string | null = null) {
  const here = 'https://bot.example.com/webhooks/';
  return planWebhook({ wanted, existing, storedId, here });
}

describe('planning the webhook', () => {
  it('creates one when there is none', () => {
    expect(plan([])).toEqual({ action: 'create' });
  });

  it('creates one as long as there is room beside those of others', () => {
    expect(plan([foreign('a'), foreign('b')])).toEqual({ action: 'create' });
  });

  it('asks the owner when all are taken by others, even if we once knew an id that is gone', () => {
    const others = [foreign('a'), foreign('b'), foreign('c')];
    expect(plan(others)).toEqual({ action: 'ask-owner' });
    expect(plan(others, 'gone')).toEqual({ action: 'ask-owner' });
  });

  it('keeps the one with our target, whoever created it', () => {
    const ours = webhook('c');
    expect(plan([foreign('a'), foreign('b'), ours])).toEqual({ action: 'keep', webhook: ours });
  });

  it('moves the one whose id we stored to our new address, and changes nothing else', () => {
    const moved = webhook('a', { target: 'https://old.example.com/webhooks/1' });
    expect(plan([foreign('b'), moved], 'a')).toEqual({
      action: 'patch',
      webhook: moved,
      changes: { target: wanted.target },
    });
  });

  it('takes the one that an installation left behind that is gone, with its database for one', () => {
    const left = webhook('left', { target: 'https://bot.example.com/webhooks/0' });
    expect(plan([foreign('a'), left, foreign('b')])).toEqual({
      action: 'patch',
      webhook: left,
      changes: { target: wanted.target },
    });
    const ours = webhook('ours');
    expect(plan([left, ours])).toEqual({ action: 'keep', webhook: ours });
  });

  it('patches only the triggers when only they differ', () => {
    const narrow = webhook('a', { triggers: ['conversation:message'] });
    expect(plan([narrow])).toEqual({
      action: 'patch',
      webhook: narrow,
      changes: { triggers: wanted.triggers },
    });
  });

  it('patches both when both differ', () => {
    const stale = webhook('a', { target: 'https://old.example.com', triggers: [] });
    expect(plan([stale], 'a')).toMatchObject({ action: 'patch', changes: wanted });
  });

  it.each([
    ['too many', [...wanted.triggers, 'user:merge']],
    ['others', ['conversation:message', 'user:merge']],
    ['one of ours twice', ['conversation:message', 'conversation:message']],
  ])('patches triggers that are %s', (_name, triggers) => {
    expect(plan([webhook('a', { triggers })])).toMatchObject({ action: 'patch' });
  });

  it('takes triggers in another order for the same', () => {
    const reversed = webhook('a', { triggers: wanted.triggers.toReversed() });
    expect(plan([reversed])).toEqual({ action: 'keep', webhook: reversed });
  });

  it('prefers the target to the stored id, so that no two deliver to us', () => {
    const stored = webhook('stored', { target: 'https://old.example.com' });
    const ours = webhook('ours');
    expect(plan([stored, ours], 'stored')).toEqual({ action: 'keep', webhook: ours });
  });
});
