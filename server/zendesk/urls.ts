import type { ShopkeeperConfig } from '../config/load-config.ts';
import { AppError } from '../errors.ts';

export type ZendeskUrls = ShopkeeperConfig['zendesk'];

const SUBDOMAIN = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Refuses what could turn the API host into another one: it comes from outside and becomes part of its name. */
export function checkSubdomain(subdomain: string): string {
  if (SUBDOMAIN.test(subdomain)) return subdomain;
  throw new AppError(
    'subdomain_invalid',
    'Zendesk named an account subdomain that cannot be one.',
    'Try again. If it goes on, tell Zendesk support which account you chose.',
    { status: 502 },
  );
}

/** The base of an account's API calls; without a subdomain the one of all such accounts (OpenAPI `servers`). */
export function apiBaseUrl(urls: ZendeskUrls, subdomain: string | null): string {
  if (subdomain === null) return urls.legacyApiUrl;
  return urls.apiUrl.replace('{subdomain}', checkSubdomain(subdomain));
}

/** Where an admin assigns the bot to channels (Zendesk help, "Marketplace bots"). */
export function adminCenterUrl(urls: ZendeskUrls, subdomain: string | null): string {
  if (subdomain === null) return 'https://www.zendesk.com/admin';
  const account = apiBaseUrl(urls, subdomain).replace(/\/sc$/, '');
  return `${account}/admin/ai/ai-agents/ai-agents/marketplace-bots`;
}
