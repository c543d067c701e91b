import { cutText } from '../../../../text.ts';
import type { AppDescription, NewApp } from '../../provider.ts';
import { neededScopes } from './scopes.ts';

/** Where Zoom says who removed the app. */
export const EVENTS_PATH = '/zoom/events';

/** "display_name is required and must be less than 50 characters". */
const LONGEST_NAME = 49;

/** A General app as Zoom's build flow takes it (Zoom, "Manifests", early preview). */
export function describeZoomApp({ name, redirectUrl, publicUrl }: NewApp): AppDescription {
  const eventUrl = `${publicUrl}${EVENTS_PATH}`;
  const scopes = neededScopes.oauth2 ?? [];
  const manifest = {
    display_information: {
      display_name: cutText(name, LONGEST_NAME),
      description: 'Lets a bot in Zendesk schedule meetings.',
    },
    oauth_information: {
      usage: 'USER_OPERATION',
      development_redirect_uri: redirectUrl,
      production_redirect_uri: redirectUrl,
      oauth_allow_list: [redirectUrl],
      // Any other address with the same beginning would do otherwise.
      strict_mode: true,
      subdomain_strict_mode: true,
      scopes: scopes.map(({ anyOf: [scope] }) => ({ scope, optional: false })),
      scope_description: scopes.map(({ anyOf: [scope], to }) => `${scope}: to ${to}.`).join(' '),
    },
    features: {
      products: [],
      event_subscription: {
        enable: true,
        events: [
          {
            subscription_name: 'A user removes the app',
            event_types: ['app_deauthorized'],
            development_webhook_url: eventUrl,
            production_webhook_url: eventUrl,
          },
        ],
      },
    },
  };
  return { fileName: 'zoom-app-manifest.json', manifest };
}
