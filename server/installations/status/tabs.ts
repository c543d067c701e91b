import type { Feature } from '../../features/feature.ts';

/** A page of an account: below `/installations/{id}`. */
export type Tab = NonNullable<Feature['tab']>;

/** Where the owner sets what an account is set up with: ids, webhook, data and the way out. */
export const SETTINGS_PATH = '/manage';

/** The pages of an account, in the order of their links. */
export function listTabs(features: readonly Pick<Feature, 'tab'>[]): readonly Tab[] {
  return [
    { name: 'Overview', path: '' },
    ...features.flatMap(({ tab }) => tab ?? []),
    { name: 'Settings', path: SETTINGS_PATH },
  ];
}
