import { z } from 'zod';
import { OperatorError } from '../errors.ts';
import type { Author } from '../zendesk/conversations.ts';
import type { Bot, Identity } from './types.ts';

const isHttps = (address: string) => address.startsWith('https://');

/** What bot.ts says beside its functions, with Zendesk's limits (OpenAPI author, icon). */
const Settings = z.object({
  acceptOffers: z.boolean('is true or false').optional(),
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

/** At the start, so that the first customer is not the one who finds it out. @throws OperatorError */
export function checkBot(bot: Bot): void {
  const { error } = Settings.safeParse(bot);
  if (error === undefined) return;
  const problems = error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  throw new OperatorError(`server/bot/bot.ts cannot be used:\n${problems.join('\n')}`);
}

/** The author of every message the bot sends. */
export function toAuthor({ displayName, avatarUrl, isAI }: Identity = {}): Author {
  return {
    ...(displayName === undefined ? {} : { displayName }),
    ...(avatarUrl === undefined ? {} : { avatarUrl }),
    ...(isAI ? { subtypes: ['AI'] } : {}),
  };
}
