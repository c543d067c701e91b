import type { Problems, Section, TypedApp } from '../forms/section.ts';
import { toDetails } from '../forms/details-section.ts';
import { describeScope, scopeGroups, scopeNames } from '../../zocks/scope-catalogue.ts';

/** What the form of a section shows. There is always a blank row for one more redirect URI. */
export function showSection({ key, title }: Section, typed: TypedApp, problems: Problems) {
  const others = typed.scopes.filter((scope) => !scopeNames.includes(scope));
  const ownGroup = { kind: 'Others this app has', scopes: others.map(describeScope) };
  return {
    section: { key, title },
    typed,
    preview: toDetails(typed.details),
    rows: [...typed.redirectUris, ''],
    groups: others.length === 0 ? scopeGroups : [...scopeGroups, ownGroup],
    problems,
  };
}
