import { describe, expect, it } from 'vitest';
import { OperatorError } from '../../../server/errors.ts';
import { checkBot } from '../../../server/features/shared/check-bot.ts';
import { Said } from '../../../server/features/offers/index.ts';
import type { Bot } from '../../../server/runtime/types.ts';

describe('acceptOffers', () => {
  const handlers = { onMessage: async () => {}, onHandOffFailed: async () => {} };

  it.each([{}, { acceptOffers: true }, { acceptOffers: false }])('may be as in %j', (said) => {
    expect(() => checkBot({ ...handlers, ...said }, Said)).not.toThrow();
  });

  it('is refused where it is something else', () => {
    const said: object = { acceptOffers: 'never' };
    const bot: Bot = Object.assign({ ...handlers }, said);
    expect(() => checkBot(bot, Said)).toThrow(OperatorError);
    expect(() => checkBot(bot, Said)).toThrow('acceptOffers: is true or false');
  });
});
