import { showMessage } from '../platform/api-shapes.ts';
import type { NewFile } from '../platform/attachments.ts';
import type { Platform } from '../platform/create-platform.ts';
import {
  arriveByReferral,
  openConversation,
  pressPostback,
  sendLocation,
  sendText,
} from '../platform/customer/customer.ts';
import type { Opening, Place, TextExtras } from '../platform/customer/customer.ts';
import { sendFile } from '../platform/customer/files.ts';
import { answerForm } from '../platform/customer/forms.ts';
import { detectLocale, endSession, markRead, setTyping } from '../platform/customer/session.ts';
import { sendNotification, writeFromPhone } from '../platform/customer/whatsapp.ts';
import type { Phone } from '../platform/customer/whatsapp.ts';
import type { Referral } from '../platform/events/conversation-events.ts';
import { createUser, findByExternalId } from '../platform/people/users.ts';
import type { Message } from '../state/records.ts';
import { createFind } from './find.ts';

export interface In {
  conversationId: string;
}

/** What a customer does, for tests. Messages come back as ListMessages shows them. */
export function createCustomerControl(platform: Platform) {
  const { state } = platform;
  const { account, conversation } = createFind(state);
  const show = (message: Message) => showMessage(state, message);

  return {
    /** Opens a conversation. The user of that external id is created when new. */
    createConversation({
      userExternalId: externalId,
      ...opening
    }: { account: string; userExternalId?: string } & Opening) {
      const owner = account(opening.account);
      const known =
        externalId === undefined ? undefined : findByExternalId(state, owner, externalId);
      const user = known ?? createUser(platform, owner, { externalId });
      const { id } = openConversation(platform, owner, user, opening);
      return { conversationId: id, userId: user.id, appId: owner.appId };
    },

    /** With `payload`: the customer used a reply button. */
    sendCustomerMessage: ({
      conversationId,
      text,
      ...extras
    }: In & { text: string } & TextExtras) =>
      show(sendText(platform, conversation(conversationId), text, extras)),

    sendFile: ({ conversationId, ...file }: In & NewFile & { caption?: string }) =>
      show(sendFile(platform, conversation(conversationId), file)),

    sendLocation: ({ conversationId, ...place }: In & Place) =>
      show(sendLocation(platform, conversation(conversationId), place)),

    /** `values` by the names of the form's fields. */
    answerForm: ({
      conversationId,
      formId,
      values,
    }: In & { formId: string; values: Record<string, string> }) =>
      show(answerForm(platform, conversation(conversationId), formId, values)),

    sendPostback({ conversationId, payload }: In & { payload: string }): void {
      pressPostback(platform, conversation(conversationId), payload);
    },

    arriveByReferral: (conversationId: string, referral: Referral): void =>
      arriveByReferral(platform, conversation(conversationId), referral),

    setTyping: (conversationId: string, isTyping: boolean): void =>
      setTyping(platform, conversation(conversationId), isTyping),

    markRead: (conversationId: string): void => markRead(platform, conversation(conversationId)),

    /** Zendesk finds out from the words which language the customer writes. */
    detectLocale: (conversationId: string, locale: string): void =>
      detectLocale(platform, conversation(conversationId), locale),

    endSession: (conversationId: string) =>
      show(endSession(platform, conversation(conversationId))),

    /** Somebody writes to the account's WhatsApp number. Returns the conversation's id. */
    writeFromPhone: ({ text, ...phone }: { account: string; text: string } & Phone): string =>
      writeFromPhone(platform, account(phone.account), phone, text).conversationId,

    /** The business writes first to a phone, with the Notification API. Returns the conversation's id. */
    sendNotification: ({ text, ...phone }: { account: string; text: string } & Phone): string =>
      sendNotification(platform, account(phone.account), phone, text).id,
  };
}
