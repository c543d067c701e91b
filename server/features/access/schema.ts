declare module '../../store/schema.ts' {
  interface InstallationOwnerTable {
    /** Rounded down to the hour or so; null: it has not come back since it was granted. */
    last_visit_at: number | null;
  }
}

export const accessMigration = () => [
  `alter table installation_owners add column last_visit_at bigint`,
];
