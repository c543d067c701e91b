import { by, GUIDES, type CatalogueEntry } from './documentation.ts';
import { installSteps } from './install-steps.ts';

const CONVERSATIONS = 'server/zendesk/conversations.ts';
const TEST_MESSAGE = 'server/features/test-message/send.ts';

/** What each step of a trace means, and which function takes it. */
export const catalogue = {
  ...installSteps,
  EventWebhooks: {
    sentence: 'Zendesk delivered {type}. It was acknowledged only after it was stored.',
    ...by('server/inbox/receive/receiver.ts', 'takeDelivery'),
    guide: GUIDES.receiving,
  },
  'event-claimed': {
    sentence: 'A worker took it {waitedMs} ms later, as attempt {attempt}.',
    ...by('server/inbox/claim.ts', 'createClaim'),
  },
  'event-left-alone': {
    sentence: 'Nothing is answered: {reason}',
    ...by('server/runtime/dispatch.ts', 'findReasonToIgnore'),
    guide: GUIDES.switchboard,
  },
  'message-handled': {
    sentence: 'The bot is in control, so onMessage answers.',
    ...by('server/bot/on-message.ts', 'onMessage'),
    guide: GUIDES.sending,
  },
  'hidden-handled': {
    sentence: 'The bot is in control, so onHidden gets what the page sent and does not show.',
    ...by('server/features/hidden/index.ts', 'answerHidden'),
    guide: GUIDES.receiving,
  },
  'postback-handled': {
    sentence: 'The bot is in control, so onPostback answers the button.',
    ...by('server/bot/on-postback.ts', 'onPostback'),
    guide: GUIDES.sending,
  },
  'start-handled': {
    sentence: 'The bot is in control, so onStart greets the customer.',
    ...by('server/bot/on-start.ts', 'onStart'),
    guide: GUIDES.sending,
  },
  'hand-off-failure-handled': {
    sentence: 'Nobody took over and the bot is in control again, so onHandOffFailed answers.',
    ...by('server/bot/on-hand-off-failed.ts', 'onHandOffFailed'),
    guide: GUIDES.switchboard,
  },
  'give-up-handled': {
    sentence: 'It was the last attempt of {handler}, so onGiveUp may tell the customer.',
    ...by('server/features/apology/on-give-up.ts', 'runOnGiveUp'),
  },
  'end-handled': {
    sentence: 'The conversation is over, so onEnded may remember it, or forget.',
    ...by('server/features/endings/index.ts', 'runOnEnded'),
  },
  'delivery-failure-handled': {
    sentence:
      'The customer’s channel did not deliver a message of the bot, so onDeliveryFailed is told.',
    ...by('server/features/undelivered/report.ts', 'reportUndelivered'),
  },
  ReleaseControl: {
    sentence: 'Control was released: nobody has it, and the conversation is over.',
    ...by('server/runtime/control.ts', 'releaseControl'),
  },
  AcceptControl: {
    sentence: 'Control was offered to the bot, and accepted.',
    ...by('server/features/offers/index.ts', 'takeOffer'),
  },
  PostMessage: {
    sentence: 'A message was sent to the customer.',
    ...by(CONVERSATIONS, 'postMessage'),
  },
  UploadAttachment: {
    sentence: 'A file was uploaded, for the message that it goes with.',
    ...by('server/features/files/upload.ts', 'uploadAttachment'),
  },
  DownloadAttachment: {
    sentence: 'The bot fetched a file that the customer sent. Nothing of it is kept here.',
    ...by('server/features/files/download.ts', 'downloadFile'),
    guide: GUIDES.receiving,
  },
  PostActivity: {
    sentence: 'The customer was shown that the bot is typing.',
    ...by(CONVERSATIONS, 'startTyping'),
  },
  ListMessages: {
    sentence:
      'The conversation was read: the bot asked for its history, or an earlier attempt may have answered.',
    ...by(CONVERSATIONS, 'listMessages'),
  },
  'reply-found': {
    sentence: 'Reply {number} is there already and is not sent again.',
    ...by('server/runtime/outbox.ts', 'createOutbox'),
  },
  GetConversation: {
    sentence: 'What the event says may be out of date, so Zendesk was asked who is in control now.',
    ...by(CONVERSATIONS, 'get'),
  },
  PassControl: {
    sentence: 'The conversation was handed over; from here on the bot is silent.',
    ...by(CONVERSATIONS, 'passControl'),
  },
  'attempt-failed': {
    sentence: '{error}{where}',
    ...by('server/inbox/handle-event.ts', 'handleEvent'),
  },
  'event-settled': {
    sentence: 'Recorded as {state}, together with what it changed. {note}',
    ...by('server/inbox/settle.ts', 'settle'),
  },
  GetUser: {
    sentence: 'The bot asked who the customer is.',
    ...by('server/features/customers/profile.ts', 'openCustomer'),
  },
  UpdateUser: {
    sentence: 'What Zendesk stores of the customer was changed.',
    ...by('server/features/customers/profile.ts', 'openCustomer'),
  },
  ListParticipants: {
    sentence: 'The event names nobody, so Zendesk was asked whose conversation it is.',
    ...by(CONVERSATIONS, 'listParticipants'),
  },
  ZendeskCall: {
    sentence: 'The bot made a call of its own to Zendesk’s API.',
    ...by('server/features/customers/zendesk-call.ts', 'openCall'),
    guide: {
      title: 'Reference of the API',
      href: 'https://developer.zendesk.com/api-reference/conversations/',
    },
  },
  CreateUser: {
    sentence: 'The recipient of test messages was created, unless it existed.',
    ...by(TEST_MESSAGE, 'ensureUser'),
  },
  ListConversations: {
    sentence: 'Zendesk was asked for the recipient’s conversations.',
    ...by(TEST_MESSAGE, 'findPersonal'),
  },
  CreateConversation: {
    sentence: 'There was none, so one was opened.',
    ...by(TEST_MESSAGE, 'createPersonal'),
  },
} satisfies Record<string, CatalogueEntry>;

export type StepKey = keyof typeof catalogue;
