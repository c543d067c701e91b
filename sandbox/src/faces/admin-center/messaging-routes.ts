import { Router } from 'express';
import type { Response } from 'express';
import { z } from 'zod';
import {
  setControlSetting,
  setCustomersMayEnd,
  setPrivateAttachments,
} from '../../platform/accounts.ts';
import type { Platform } from '../../platform/create-platform.ts';
import type { Account } from '../../state/records.ts';
import { findAccount } from '../../web/requests.ts';

export const MESSAGING_PATH = 'admin/channels/messaging';

/** A box that is not ticked is not sent. */
const isTicked = z
  .literal('on', { error: 'A box is ticked or it is not.' })
  .optional()
  .transform((value) => value === 'on');

const messagingForm = z.looseObject({
  privateAttachments: isTicked,
  customersMayEnd: isTicked,
  controlSetting: z.enum(['conversational', 'release'], {
    error: 'Choose what happens to control when a session ends.',
  }),
});

/** Admin Center › Messaging: what an account has switched on for its chats. */
export function createMessagingRoutes({ platform }: { platform: Platform }) {
  const { state } = platform;
  const router = Router({ mergeParams: true });

  function render(response: Response, account: Account, problem?: string) {
    response
      .status(problem === undefined ? 200 : 400)
      .render('admin/messaging', { account, base: `/accounts/${account.slug}`, problem });
  }

  router.get('/', (request, response) => render(response, findAccount(state, request)));

  router.post('/', (request, response) => {
    const account = findAccount(state, request);
    const form = messagingForm.safeParse(request.body);
    if (!form.success) {
      render(response, account, form.error.issues[0]?.message ?? 'The form cannot be read.');
      return;
    }
    setPrivateAttachments(platform, account, form.data.privateAttachments);
    setCustomersMayEnd(platform, account, form.data.customersMayEnd);
    setControlSetting(platform, account, form.data.controlSetting);
    response.redirect(303, `/accounts/${account.slug}/${MESSAGING_PATH}`);
  });

  return router;
}
