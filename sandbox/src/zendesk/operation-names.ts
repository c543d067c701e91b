/** What an access token of scope `integration` may call, by the operation ids of the official description. */
export const zendeskOperations = [
  'GetToken',
  'GetTokenInfo',
  'RevokeAccess',
  'CreateWebhook',
  'ListWebhooks',
  'GetWebhook',
  'UpdateWebhook',
  'DeleteWebhook',
  'CreateUser',
  'ListUsers',
  'GetUser',
  'UpdateUser',
  'DeleteUser',
  'DeleteUserPersonalInformation',
  'SyncUser',
  'CreateClient',
  'ListClients',
  'RemoveClient',
  'ListDevices',
  'GetDevice',
  'CreateConversation',
  'ListConversations',
  'GetConversation',
  'UpdateConversation',
  'DeleteConversation',
  'ListParticipants',
  'JoinConversation',
  'LeaveConversation',
  'PostMessage',
  'ListMessages',
  'DeleteMessage',
  'DeleteAllMessages',
  'PostActivity',
  'PassControl',
  'OfferControl',
  'AcceptControl',
  'ReleaseControl',
  'UploadAttachment',
  'DeleteAttachment',
  'PostConversionEvents',
  'DownloadMessageRef',
] as const;

type Method = 'delete' | 'get' | 'patch' | 'post';

const APP = '/v2/apps/:appId';
const KEYS = `${APP}/integrations/:integrationId/keys`;
const BOARDS = `${APP}/switchboards`;
const BOARD_INTEGRATIONS = `${BOARDS}/:switchboardId/switchboardIntegrations`;

/** What the API has, and an access token of scope `integration` may not call. */
export const foreignOperations = [
  ['CreateApp', 'post', '/v2/apps'],
  ['ListApps', 'get', '/v2/apps'],
  ['GetApp', 'get', APP],
  ['UpdateApp', 'patch', APP],
  ['DeleteApp', 'delete', APP],
  ['CreateAppKey', 'post', `${APP}/keys`],
  ['ListAppKeys', 'get', `${APP}/keys`],
  ['GetAppKey', 'get', `${APP}/keys/:keyId`],
  ['DeleteAppKey', 'delete', `${APP}/keys/:keyId`],
  ['CreateIntegration', 'post', `${APP}/integrations`],
  ['ListIntegrations', 'get', `${APP}/integrations`],
  ['GetIntegration', 'get', `${APP}/integrations/:integrationId`],
  ['UpdateIntegration', 'patch', `${APP}/integrations/:integrationId`],
  ['DeleteIntegration', 'delete', `${APP}/integrations/:integrationId`],
  ['CreateCustomIntegrationKey', 'post', KEYS],
  ['ListCustomIntegrationKeys', 'get', KEYS],
  ['GetCustomIntegrationKey', 'get', `${KEYS}/:keyId`],
  ['DeleteCustomIntegrationKey', 'delete', `${KEYS}/:keyId`],
  ['CreateSwitchboard', 'post', BOARDS],
  ['ListSwitchboards', 'get', BOARDS],
  ['UpdateSwitchboard', 'patch', `${BOARDS}/:switchboardId`],
  ['DeleteSwitchboard', 'delete', `${BOARDS}/:switchboardId`],
  ['CreateSwitchboardIntegration', 'post', BOARD_INTEGRATIONS],
  ['ListSwitchboardIntegrations', 'get', BOARD_INTEGRATIONS],
  ['UpdateSwitchboardIntegration', 'patch', `${BOARD_INTEGRATIONS}/:switchboardIntegrationId`],
  ['DeleteSwitchboardIntegration', 'delete', `${BOARD_INTEGRATIONS}/:switchboardIntegrationId`],
] as const satisfies readonly (readonly [string, Method, string])[];

type ForeignOperation = (typeof foreignOperations)[number][0];

/** What is recorded: also the calls that are refused for their scope. */
export type ZendeskOperation = (typeof zendeskOperations)[number] | ForeignOperation;
