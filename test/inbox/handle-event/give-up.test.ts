import { afterEach, describe, expect, it } from 'vitest';
import { answerInControl } from '../../../server/features/shared/own-events.ts';
import type { Feature } from '../../../server/features/feature.ts';
import { features } from '../../../server/features.ts';
import type { Failure } from '../../../server/inbox/event-hooks.ts';
import type { Settlement } from '../../../server/inbox/settle.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';

let chat: Chat;
afterEach(() => chat.shop.close());

const onMessage = () => Promise.reject(new TypeError('order is not a function'));
const named = (name: string, giveUp: (failure: Failure) => Promise<Settlement>): Feature => ({
  name,
  open: () => ({ giveUp }),
});

describe('what a feature does about an event that is not tried again', () => {
  it('is asked with the error, and settles the event, one feature after the other', async () => {
    const asked: unknown[] = [];
    const feature = (name: string) =>
      named(name, async ({ failed, error }) => {
        asked.push(String(error));
        return { ...failed, note: `${failed.note} ${name}.` };
      });
    const options = { features: [...features, feature('One'), feature('Two')] };
    chat = await openChat({ onMessage }, options);
    const note = 'Given up after the same error twice: order is not a function One. Two.';
    expect(await chat.say()).toMatchObject({ state: 'failed', attempts: 2, note });
    expect(asked).toEqual(Array(2).fill('TypeError: order is not a function'));
  });

  it('may be said in the conversation, in place of what failed', async () => {
    const feature = named('another', ({ occasion, converse }) =>
      converse({
        ...occasion,
        answer: (visit) =>
          answerInControl(visit, async ({ reply }) => {
            await reply('Another way.');
            return 'Said it';
          }),
      }),
    );
    chat = await openChat({ onMessage }, { features: [feature, ...features] });
    expect(await chat.say()).toMatchObject({ state: 'done', note: 'Said it: 1 reply' });
    expect(chat.replies()[0]).toBe('Another way.');
  });

  it('is not asked about what nobody was to answer', async () => {
    const asked: string[] = [];
    const feature = named('asked', async ({ occasion, failed }) => {
      asked.push(occasion.event.type);
      return failed;
    });
    const failing: Feature = {
      name: 'failing',
      open: () => ({
        async prepare(occasion) {
          if (occasion.parsed.type === 'conversation:message') throw new TypeError('a bug');
          return occasion;
        },
      }),
    };
    chat = await openChat({}, { features: [...features, failing, feature] });
    chat.zendesk.takeOver(chat.conversationId);
    expect(await chat.say()).toMatchObject({ state: 'failed', attempts: 2 });
    expect(asked).toEqual([]);
  });
});
