import { by, GUIDES, type CatalogueEntry } from './documentation.ts';

const INSTALL = 'server/installations/install';
const WEBHOOKS = 'server/zendesk/webhooks.ts';

/** From the consent page to the webhook's secret. */
export const installSteps = {
  Authorize: {
    sentence: 'The browser was sent to Zendesk’s consent page, with a state made for this attempt.',
    ...by(`${INSTALL}/begin.ts`, 'beginInstall'),
  },
  'code-returned': {
    sentence:
      'Zendesk sent the browser back with a code that is good once. It is exchanged at once.',
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
} satisfies Record<string, CatalogueEntry>;
