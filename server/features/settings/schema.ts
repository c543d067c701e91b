import type { Selectable } from 'kysely';
import type { SecretOwnerKind } from '../../store/secrets/secrets.ts';

declare module '../../store/schema.ts' {
  interface Schema {
    settings: SettingTable;
  }
}

/** What was set, in one account; what never was has no row. */
interface SettingTable {
  /** `{installationId}/{name}`. */
  id: string;
  installation_id: string;
  /** As the bot calls it. */
  name: string;
  /** JSON; null: it is among the secrets. */
  value: string | null;
  updated_at: number;
}

export type Setting = Pick<Selectable<SettingTable>, 'name' | 'value' | 'updated_at'>;

/** Those that are secrets go with their row. */
export const secretOwners: readonly SecretOwnerKind[] = [
  { kind: 'setting', table: 'settings', noun: 'the setting' },
];

export const settingsMigration = () => [
  `create table settings (
    id text primary key,
    installation_id text not null references installations (id) on delete cascade,
    name text not null,
    value text,
    updated_at bigint not null
  )`,
  `create index settings_by_installation on settings (installation_id)`,
  `alter table secrets add column setting_id text references settings (id) on delete cascade`,
  `create index secrets_by_setting on secrets (setting_id) where setting_id is not null`,
];
