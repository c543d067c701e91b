import { GUIDES, type DocumentationPage } from './documentation.ts';

export interface CatalogueEntry {
  /** With blanks such as `{account}` for the step's values. */
  sentence: string;
  file: string;
  /** A `function` or `const` of that file. */
  functionName: string;
  /** Of a call it is the reference of its operation, unless something explains it better. */
  guide?: DocumentationPage;
}

const INSTALL = 'server/installations/install';
const CONVERSATIONS = 'server/zendesk/conversations.ts';
const WEBHOOKS = 'server/zendesk/webhooks.ts';

/** What each step of a trace means, and which function takes it. */
export const catalogue = {
  Authorize: {
    sentence: 'The browser was sent to Zendesk’s consent page, with a state made for this attempt.',
    ...by(`${INSTALL}/begin.ts`, 'beginInstall'),
  },
  'code-returned': {
    sentence:
      'Zendesk sent the browser back with a code that is good once. You have a code, want to exchange it? Here that is not asked: it goes on by itself.',
    ...by(`${INSTALL}/callback.ts`, 'finishInstall'),
    guide: GUIDES.marketplaceBot,
  },
  'state-checked': {
    sentence: 'The state was compared with this browser’s cookie and used up.',
    ...by('server/oauth/attempts.ts', 'findAttempt'),
  },
  GetToken: {
    sentence: 'The code was exchanged for an access token, from server to server.',
    ...by('server/zendesk/oauth.ts', 'exchangeCode'),
  },
  'token-kept': {
    sentence: 'The token was encrypted and stored, before anything else could fail.',
    ...by(`${INSTALL}/token.ts`, 'keepTokens'),
  },
  GetTokenInfo: {
    sentence: 'Zendesk was asked whose token it is.',
    ...by('server/zendesk/oauth.ts', 'getTokenInfo'),
  },
  'account-known': {
    sentence: 'It belongs to {account}: {outcome}.',
    ...by(`${INSTALL}/complete.ts`, 'settleOn'),
  },
  ListWebhooks: {
    sentence: 'Zendesk was asked which webhooks we have there.',
    ...by(WEBHOOKS, 'list'),
  },
  'webhook-planned': {
    sentence: '{existing} of {limit} webhooks existed, so the plan is: {action}.',
    ...by('server/zendesk/webhooks.ts', 'planWebhook'),
    guide: GUIDES.marketplaceBot,
  },
  CreateWebhook: {
    sentence: 'Our webhook was registered; Zendesk made up the secret of its deliveries.',
    ...by(WEBHOOKS, 'create'),
  },
  UpdateWebhook: {
    sentence: 'Our webhook was pointed here, with the triggers we want.',
    ...by(WEBHOOKS, 'update'),
  },
  DeleteWebhook: {
    sentence: 'The webhook that the owner picked was deleted.',
    ...by(WEBHOOKS, 'remove'),
  },
  'webhook-remembered': {
    sentence: 'The webhook’s id was stored, and its secret encrypted.',
    ...by('server/installations/webhook/reconcile.ts', 'remember'),
  },
  EventWebhooks: {
    sentence: 'Zendesk delivered {type}. It was acknowledged only after it was stored.',
    ...by('server/inbox/receiver.ts', 'takeDelivery'),
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
    ...by('server/runtime/give-up.ts', 'runOnGiveUp'),
  },
  'end-handled': {
    sentence: 'The conversation is over, so onEnded may remember it, or forget.',
    ...by('server/runtime/endings.ts', 'runOnEnded'),
  },
  'delivery-failure-handled': {
    sentence:
      'The customer’s channel did not deliver a message of the bot, so onDeliveryFailed is told.',
    ...by('server/runtime/undelivered.ts', 'reportUndelivered'),
  },
  ReleaseControl: {
    sentence: 'Control was released: nobody has it, and the conversation is over.',
    ...by('server/runtime/control.ts', 'releaseControl'),
  },
  AcceptControl: {
    sentence: 'Control was offered to the bot, and accepted.',
    ...by('server/runtime/control.ts', 'acceptControl'),
  },
  PostMessage: {
    sentence: 'A message was sent to the customer.',
    ...by(CONVERSATIONS, 'postMessage'),
  },
  UploadAttachment: {
    sentence: 'A file was uploaded, for the message that it goes with.',
    ...by('server/zendesk/attachments.ts', 'upload'),
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
  'event-settled': {
    sentence: 'Recorded as {state}, together with what it changed. {note}',
    ...by('server/inbox/events.ts', 'settle'),
  },
  GetUser: {
    sentence: 'The bot asked who the customer is.',
    ...by('server/zendesk/users.ts', 'get'),
  },
  UpdateUser: {
    sentence: 'What Zendesk stores of the customer was changed.',
    ...by('server/zendesk/users.ts', 'update'),
  },
  ListParticipants: {
    sentence: 'The event names nobody, so Zendesk was asked whose conversation it is.',
    ...by(CONVERSATIONS, 'listParticipants'),
  },
  ZendeskCall: {
    sentence: 'The bot made a call of its own to Zendesk’s API.',
    ...by('server/runtime/zendesk-call.ts', 'openCall'),
    guide: {
      title: 'Reference of the API',
      href: 'https://developer.zendesk.com/api-reference/conversations/',
    },
  },
  CreateUser: {
    sentence: 'The recipient of test messages was created, unless it existed.',
    ...by('server/zendesk/users.ts', 'ensure'),
  },
  ListConversations: {
    sentence: 'Zendesk was asked for the recipient’s conversations.',
    ...by(CONVERSATIONS, 'listOfUser'),
  },
  CreateConversation: {
    sentence: 'There was none, so one was opened.',
    ...by(CONVERSATIONS, 'createPersonal'),
  },
} satisfies Record<string, CatalogueEntry>;

export type StepKey = keyof typeof catalogue;

function by(file: string, functionName: string) {
  return { file, functionName };
}
