import type { Platform } from '../platform/create-platform.ts';
import { showMessage } from '../platform/api-shapes.ts';
import type { NewFile } from '../platform/attachments.ts';
import {
  openConversation,
  pressPostback,
  sendLocation,
  sendText,
} from '../platform/customer/customer.ts';
import type { Place, TextExtras } from '../platform/customer/customer.ts';
import { sendFile } from '../platform/customer/files.ts';
import { answerForm } from '../platform/customer/forms.ts';
import { endSession, markRead, setTyping } from '../platform/customer/session.ts';
import type { Message } from '../state/records.ts';
import { createFind } from './find.ts';

/** What a customer does in the Messenger, for tests. Messages come back as ListMessages shows them. */
export function createCustomerControl(platform: Platform) {
  const { state, users } = platform;
  const { account, conversation } = createFind(state);
  const show = (message: Message) => showMessage(state, message);

  return {
    /** Opens a conversation. The user of that external id is created when new. */
    createConversation(options: { account: string; userExternalId?: string }) {
      const owner = account(options.account);
      const externalId = options.userExternalId;
      const known =
        externalId === undefined ? undefined : users.findByExternalId(owner, externalId);
      const user = known ?? users.create(owner, { externalId });
      const opened = openConversation(platform, owner, user);
      return { conversationId: opened.id, userId: user.id, appId: owner.appId };
    },

    /** With `payload`: the customer used a reply button. */
    sendCustomerMessage: ({
      conversationId,
      text,
      ...extras
    }: { conversationId: string; text: string } & TextExtras) =>
      show(sendText(platform, conversation(conversationId), text, extras)),

    sendFile: ({
      conversationId,
      ...file
    }: { conversationId: string; caption?: string } & NewFile) =>
      show(sendFile(platform, conversation(conversationId), file)),

    sendLocation: ({ conversationId, ...place }: { conversationId: string } & Place) =>
      show(sendLocation(platform, conversation(conversationId), place)),

    /** `values` by the names of the form's fields. */
    answerForm: (answer: {
      conversationId: string;
      formId: string;
      values: Record<string, string>;
    }) =>
      show(answerForm(platform, conversation(answer.conversationId), answer.formId, answer.values)),

    sendPostback(clicked: { conversationId: string; payload: string }): void {
      pressPostback(platform, conversation(clicked.conversationId), clicked.payload);
    },

    setTyping: (conversationId: string, isTyping: boolean): void =>
      setTyping(platform, conversation(conversationId), isTyping),

    markRead: (conversationId: string): void => markRead(platform, conversation(conversationId)),

    endSession: (conversationId: string) =>
      show(endSession(platform, conversation(conversationId))),
  };
}
