import { describeScope, scopeGroups, scopeNames } from '../../zocks/scope-catalogue.ts';
import type { AppContent } from '../create-apps.ts';
import type { Portal } from '../create-portal.ts';
import type { PortalApp } from '../portal-state.ts';
import { detailsSection, toDetails, toTypedDetails } from './details-section.ts';
import { redirectUrisSection } from './redirect-uris-section.ts';
import { createMarketplaceSection, createScopesSection } from './sections.ts';
import type { Problems, Section, TypedApp } from './sections.ts';

type Needs = Pick<Portal, 'zendeskAccounts'>;

/**
 * The steps of the wizard, and the pages of Manage app, in order.
 * @param extra Scopes the app has and the picker does not.
 */
export function sectionsOf(
  { zendeskAccounts }: Needs,
  { platform }: Pick<TypedApp, 'platform'>,
  extra: string[] = [],
): readonly [Section, Section, Section] {
  const isBot = platform === 'zendesk';
  const last = isBot ? createMarketplaceSection(zendeskAccounts) : createScopesSection(extra);
  return [detailsSection, redirectUrisSection, last];
}

/** An app as it is, in the fields of a form. */
export function toTyped({ details, ...app }: PortalApp): TypedApp {
  return { ...app, details: toTypedDetails(details) };
}

/** The fields of a form without mistakes, as a registry keeps them. */
export function toContent(typed: TypedApp): AppContent {
  const { redirectUris, scopes, installUrl, removeUrl, configurationUrl, testAccount } = typed;
  const bot = { installUrl, removeUrl, configurationUrl, testAccount };
  return { ...bot, details: toDetails(typed.details), redirectUris, scopes };
}

/** What the form of a section shows. There is always a blank row for one more redirect URI. */
export function showSection(
  { zendeskAccounts }: Needs,
  { key, title }: Section,
  typed: TypedApp,
  problems: Problems,
) {
  const others = typed.scopes.filter((scope) => !scopeNames.includes(scope));
  const ownGroup = { kind: 'Others this app has', scopes: others.map(describeScope) };
  return {
    section: { key, title },
    typed,
    preview: toDetails(typed.details),
    rows: [...typed.redirectUris, ''],
    groups: others.length === 0 ? scopeGroups : [...scopeGroups, ownGroup],
    accounts: [...zendeskAccounts.values()],
    problems,
  };
}
