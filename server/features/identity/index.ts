import { z } from 'zod';
import type { Identity } from '../../runtime/types.ts';
import type { Author } from '../../zendesk/conversations.ts';
import { checkBot } from '../shared/check-bot.ts';
import type { Feature } from '../feature.ts';

declare module '../../runtime/types.ts' {
  /** As whom the bot speaks: on every message it sends. */
  export interface Identity {
    /** Up to 100 characters. */
    displayName?: string | undefined;
    /** The https address of a JPG, PNG or GIF. */
    avatarUrl?: string | undefined;
    /** Whether an AI writes: Zendesk then tells the customer so, as the law of some countries demands. */
    isAI?: boolean | undefined;
  }

  interface Bot {
    identity?: Identity | undefined;
  }
}

const isHttps = (address: string) => address.startsWith('https://');

/** Zendesk's limits (OpenAPI author, icon). */
export const Said = z.object({
  identity: z
    .strictObject({
      displayName: z
        .string()
        .min(1, 'is empty')
        .max(100, 'is longer than 100 characters')
        .optional(),
      avatarUrl: z
        .url('is no address')
        .max(2048, 'is longer than 2 048 characters')
        .refine(isHttps, 'does not begin with https://')
        .optional(),
      isAI: z.boolean('is true or false').optional(),
    })
    .optional(),
});

/** The bot speaks under a name of its own, with a picture, and as an AI. */
export const identity: Feature = {
  name: 'identity',
  checkBot: (bot) => checkBot(bot, Said),
  // Asked for each time: while somebody edits the bot, it is swapped.
  open: (core) => ({ author: () => toAuthor(core.bot.identity) }),
};

function toAuthor({ displayName, avatarUrl, isAI }: Identity = {}): Author {
  return {
    ...(displayName === undefined ? {} : { displayName }),
    ...(avatarUrl === undefined ? {} : { avatarUrl }),
    ...(isAI ? { subtypes: ['AI'] } : {}),
  };
}
