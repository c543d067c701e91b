import { GUIDES, referenceOf, type DocumentationPage } from './documentation.ts';

export interface CatalogueEntry {
  /** With blanks such as `{account}` for the step's values. */
  sentence: string;
  file: string;
  functionName: string;
  documentation: DocumentationPage | null;
}

const INSTALLATIONS = 'server/installations';
const CONVERSATIONS = 'server/zendesk/conversations.ts';
const WEBHOOKS = 'server/zendesk/webhooks.ts';

/** What each step of a trace means, and who takes it. Calls go by the operation's name. */
export const catalogue = {
  Authorize: {
    sentence: 'The browser was sent to Zendesk’s consent page, with a state made for this attempt.',
    ...by(`${INSTALLATIONS}/start-install.ts`, 'createStartInstall'),
    documentation: referenceOf('Authorize'),
  },
  'code-returned': {
    sentence:
      'Zendesk sent the browser back with a code that is good once. You have a code, want to exchange it? Here that is not asked: it goes on by itself.',
    ...by(`${INSTALLATIONS}/finish-install.ts`, 'createFinishInstall'),
    documentation: GUIDES.marketplaceBot,
  },
  'state-checked': {
    sentence: 'The state was compared with this browser’s cookie and used up.',
    ...by('server/oauth/attempts.ts', 'find'),
    documentation: referenceOf('Authorize'),
  },
  GetToken: {
    sentence: 'The code was exchanged for an access token, from server to server.',
    ...by('server/zendesk/oauth.ts', 'exchangeCode'),
    documentation: referenceOf('GetToken'),
  },
  'token-kept': {
    sentence: 'The token was encrypted and stored, before anything else could fail.',
    ...by(`${INSTALLATIONS}/complete-install.ts`, 'keepToken'),
    documentation: null,
  },
  GetTokenInfo: {
    sentence: 'Zendesk was asked whose token it is.',
    ...by('server/zendesk/oauth.ts', 'getTokenInfo'),
    documentation: referenceOf('GetTokenInfo'),
  },
  'account-known': {
    sentence: 'It belongs to {account}: {outcome}.',
    ...by(`${INSTALLATIONS}/complete-install.ts`, 'settleOn'),
    documentation: null,
  },
  ListWebhooks: {
    sentence: 'Zendesk was asked which webhooks we have there.',
    ...by(WEBHOOKS, 'list'),
    documentation: referenceOf('ListWebhooks'),
  },
  'webhook-planned': {
    sentence: '{existing} of {limit} webhooks existed, so the plan is: {action}.',
    ...by('server/zendesk/webhooks.ts', 'planWebhook'),
    documentation: GUIDES.marketplaceBot,
  },
  CreateWebhook: {
    sentence: 'Our webhook was registered; Zendesk made up the secret of its deliveries.',
    ...by(WEBHOOKS, 'create'),
    documentation: referenceOf('CreateWebhook'),
  },
  UpdateWebhook: {
    sentence: 'Our webhook was pointed here, with the triggers we want.',
    ...by(WEBHOOKS, 'update'),
    documentation: referenceOf('UpdateWebhook'),
  },
  DeleteWebhook: {
    sentence: 'The webhook that the owner picked was deleted.',
    ...by(WEBHOOKS, 'remove'),
    documentation: referenceOf('DeleteWebhook'),
  },
  'webhook-remembered': {
    sentence: 'The webhook’s id was stored, and its secret encrypted.',
    ...by(`${INSTALLATIONS}/reconcile-webhook.ts`, 'remember'),
    documentation: null,
  },
  EventWebhooks: {
    sentence: 'Zendesk delivered {type}. It was acknowledged only after it was stored.',
    ...by('server/inbox/receiver.ts', 'takeDelivery'),
    documentation: GUIDES.receiving,
  },
  'event-claimed': {
    sentence: 'A worker took it {waitedMs} ms later, as attempt {attempt}.',
    ...by('server/inbox/claim.ts', 'createClaim'),
    documentation: null,
  },
  'event-left-alone': {
    sentence: 'Nothing is answered: {reason}',
    ...by('server/runtime/dispatch.ts', 'findReasonToIgnore'),
    documentation: GUIDES.switchboard,
  },
  'message-handled': {
    sentence: 'The bot is in control, so onMessage answers.',
    ...by('server/bot/on-message.ts', 'onMessage'),
    documentation: GUIDES.sending,
  },
  'postback-handled': {
    sentence: 'The bot is in control, so onPostback answers the button.',
    ...by('server/bot/on-postback.ts', 'onPostback'),
    documentation: GUIDES.sending,
  },
  'start-handled': {
    sentence: 'The bot is in control, so onStart greets the customer.',
    ...by('server/bot/on-start.ts', 'onStart'),
    documentation: GUIDES.sending,
  },
  'hand-off-failure-handled': {
    sentence: 'Nobody took over and the bot is in control again, so onHandOffFailed answers.',
    ...by('server/bot/on-hand-off-failed.ts', 'onHandOffFailed'),
    documentation: GUIDES.switchboard,
  },
  PostMessage: {
    sentence: 'A message was sent to the customer.',
    ...by(CONVERSATIONS, 'postMessage'),
    documentation: referenceOf('PostMessage'),
  },
  PostActivity: {
    sentence: 'The customer was shown that the bot is typing.',
    ...by(CONVERSATIONS, 'startTyping'),
    documentation: referenceOf('PostActivity'),
  },
  ListMessages: {
    sentence: 'An earlier attempt may have answered, so the conversation was read again.',
    ...by(CONVERSATIONS, 'listMessages'),
    documentation: referenceOf('ListMessages'),
  },
  'reply-found': {
    sentence: 'Reply {number} is there already and is not sent again.',
    ...by('server/runtime/tools.ts', 'createOutbox'),
    documentation: null,
  },
  GetConversation: {
    sentence: 'What the event says may be out of date, so Zendesk was asked who is in control now.',
    ...by(CONVERSATIONS, 'get'),
    documentation: referenceOf('GetConversation'),
  },
  PassControl: {
    sentence: 'The conversation was handed over; from here on the bot is silent.',
    ...by(CONVERSATIONS, 'passControl'),
    documentation: referenceOf('PassControl'),
  },
  'event-settled': {
    sentence: 'Recorded as {state}, together with what it changed. {note}',
    ...by('server/inbox/events.ts', 'settle'),
    documentation: null,
  },
  CreateUser: {
    sentence: 'The recipient of test messages was created, unless it existed.',
    ...by('server/zendesk/users.ts', 'ensure'),
    documentation: referenceOf('CreateUser'),
  },
  ListConversations: {
    sentence: 'Zendesk was asked for the recipient’s conversations.',
    ...by(CONVERSATIONS, 'listOfUser'),
    documentation: referenceOf('ListConversations'),
  },
  CreateConversation: {
    sentence: 'There was none, so one was opened.',
    ...by(CONVERSATIONS, 'createPersonal'),
    documentation: referenceOf('CreateConversation'),
  },
} satisfies Record<string, CatalogueEntry>;

export type StepKey = keyof typeof catalogue;

function by(file: string, functionName: string) {
  return { file, functionName };
}
