import { Router } from 'express';
import type { Request } from 'express';
import { z } from 'zod';
import type { Platform } from '../../platform/create-platform.ts';
import { arriveByReferral, openConversation } from '../../platform/customer/customer.ts';
import { detectLocale } from '../../platform/customer/session.ts';
import { getUser } from '../../platform/people/users.ts';
import { Refused } from '../../refused.ts';
import type { Conversation } from '../../state/records.ts';
import { findAccount } from '../../web/requests.ts';

const beginForm = z.object({
  reason: z.enum(['proactiveMessaging', 'prechatCapture', 'none', 'linkRequest', 'notification'], {
    error: 'Choose how it begins.',
  }),
  campaignId: z
    .string()
    .trim()
    .max(128, { error: 'A campaign’s id has 128 characters at most.' })
    .default(''),
});

/** How a conversation can begin without the customer asking for one, in the words of the API. */
export const BEGINNINGS: Record<z.infer<typeof beginForm>['reason'], string> = {
  proactiveMessaging: 'A campaign: the customer answers what it sent',
  prechatCapture: 'A form before the chat was filled in',
  none: 'A call of the API, an agent’s for example',
  linkRequest: 'A link to another channel was asked for',
  notification: 'A notification of the business',
};

const referralForm = z.object({
  code: z
    .string({ error: 'Write the code of the link.' })
    .trim()
    .min(1, { error: 'Write the code of the link.' })
    .max(256, { error: 'A code has 256 characters at most.' }),
});

const localeForm = z.object({
  locale: z
    .string({ error: 'Write a language, as pt-BR.' })
    .trim()
    .regex(/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i, { error: 'Write a language, as pt-BR.' }),
});

/** What happens to customers beside what they write: for what a bot hears of it. */
export function createHappeningRoutes({
  platform,
  back,
}: {
  platform: Platform;
  back: (request: Request) => string;
}) {
  const { state } = platform;
  const router = Router({ mergeParams: true });

  function findConversation(request: Request): Conversation {
    const { slug } = findAccount(state, request);
    const conversation = state.conversations.get(String(request.params['conversationId']));
    if (conversation?.account === slug) return conversation;
    throw new Refused(404, 'There is no such conversation.');
  }

  router.post('/:userId/conversations', (request, response) => {
    const account = findAccount(state, request);
    const user = getUser(state, account, { userId: request.params.userId });
    const { reason, campaignId } = read(beginForm, request);
    const campaign = reason === 'proactiveMessaging' && campaignId !== '' ? { campaignId } : {};
    openConversation(platform, account, user, { reason, ...campaign });
    response.redirect(303, back(request));
  });

  router.post('/conversations/:conversationId/referral', (request, response) => {
    arriveByReferral(platform, findConversation(request), read(referralForm, request));
    response.redirect(303, back(request));
  });

  router.post('/conversations/:conversationId/locale', (request, response) => {
    detectLocale(platform, findConversation(request), read(localeForm, request).locale);
    response.redirect(303, back(request));
  });

  return router;
}

/** @throws Refused 400 with what is wrong first. */
function read<Form>(schema: z.ZodType<Form>, { body }: Request): Form {
  const form = schema.safeParse(body);
  if (form.success) return form.data;
  throw new Refused(400, form.error.issues[0]?.message ?? 'The form cannot be read.');
}
