import { randomBytes } from 'node:crypto';
import { Router } from 'express';
import type { Core } from '../../core.ts';
import type { Feature, FeatureParts } from '../feature.ts';
import type { SandboxConfig, StandIn } from '../stand-in.ts';
import { refuseForeignHosts } from './foreign-hosts.ts';
import { environment } from './variables.ts';

const CLIENT_ID = 'shopkeeper';

/** What the sandbox's consent page says of this app, as its maker would have entered it. */
const PRESENTATION = {
  shortDescription: 'An assistant that answers your customers and hands over to your agents.',
  about:
    'Shopkeeper joins your conversations, answers what it can, and steps aside when a person is needed.',
  whatYouCanDo: [
    'Greet customers and answer their questions',
    'Show a menu with buttons',
    'Hand a conversation over to an agent',
  ],
};

/** Sandbox mode: without credentials the app runs with a stand-in for Zendesk on this machine. */
export const sandbox: Feature = {
  name: 'sandbox',
  environment,
  standIn: {
    // Loaded only when it is used: in production it is not, except for a public demo.
    async start(config, log, timeScale = 1) {
      const { startStandIn } = await import('./start.ts');
      return await startStandIn(config, log, timeScale);
    },
    register,
  },
  open,
};

/** As a partner would register it. */
function register(standIn: StandIn, { publicUrl, marketplace }: SandboxConfig) {
  const clientSecret = randomBytes(24).toString('base64url');
  const name = marketplace.name ?? 'Shopkeeper';
  standIn.registerClient({
    clientId: CLIENT_ID,
    clientSecret,
    ...PRESENTATION,
    name,
    iconUrl: `${publicUrl}/favicon.svg`,
    redirectUris: [`${publicUrl}/oauth`],
    installUrl: `${publicUrl}/install`,
    removeUrl: `${publicUrl}/remove`,
    configurationUrl: `${publicUrl}/settings`,
  });
  return {
    oauthClient: { id: CLIENT_ID, secret: clientSecret },
    marketplace: {
      name,
      organizationId: marketplace.organizationId ?? 'sandbox-organization',
      botId: marketplace.botId ?? 'sandbox-bot',
    },
    zendesk: {
      oauthUrl: `${standIn.url}/sc`,
      apiUrl: `${standIn.url}/accounts/{subdomain}/sc`,
      legacyApiUrl: `${standIn.url}/legacy`,
    },
  };
}

function open({ config }: Core): FeatureParts {
  if (config.sandbox === null) return {};
  const { url: sandboxUrl, isPublicDemo } = config.sandbox;
  const ownUrls = [config.publicUrl, sandboxUrl];
  return {
    ...(isPublicDemo ? {} : { probes: Router().use(refuseForeignHosts(ownUrls)) }),
    // All pages say where one is.
    beforePages(_request, { locals }, next) {
      Object.assign(locals, { sandboxUrl, isPublicDemo });
      next();
    },
    async cards({ subdomain }) {
      const base = subdomain === null ? undefined : `${sandboxUrl}/accounts/${subdomain}`;
      const messengerHref = base === undefined ? sandboxUrl : `${base}/messenger`;
      const agentHref = base === undefined ? sandboxUrl : `${base}/agent`;
      const locals = { messengerHref, agentHref };
      return [{ place: 'link', view: 'sandbox/sections/links', locals }];
    },
  };
}
