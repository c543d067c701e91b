import { z } from 'zod';
import { tokenSnapshotSchema } from '../../oauth/records.ts';
import { appInputSchema, registeredAppSchema } from '../../state/registered-app.ts';

const enterpriseSchema = z.object({ id: z.string(), name: z.string() });

const accountSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** null: it stands alone. */
  enterpriseId: z.string().nullable(),
  /** Switched by the enterprise's Home Office admin; always on where there is no enterprise. */
  mayCreateApps: z.boolean(),
});

const personSchema = z.object({
  id: z.string(),
  accountId: z.string(),
  name: z.string(),
  email: z.string(),
  role: z.enum(['owner', 'admin', 'member']),
  /** Decides for all accounts of the enterprise. */
  isHomeOfficeAdmin: z.boolean(),
  isActive: z.boolean(),
});

/** Whose app it is, and who has it beside the account that made it. */
export const ownedSchema = z.object({
  /** The only account that sees it unless it is enabled for the hierarchy. */
  accountId: z.string(),
  /** Whether every account of the enterprise has it. Only the operator of the sandbox approves. */
  hierarchy: z.enum(['off', 'requested', 'on']),
});

const zocksAppSchema = registeredAppSchema.extend({
  ...ownedSchema.shape,
  scopes: z.array(z.string()),
  isEnabled: z.boolean(),
});

/** An app as a program registers it. */
export const zocksAppInputSchema = appInputSchema.extend({ scopes: z.array(z.string()) });

export const zocksSnapshotSchema = z.object({
  enterprises: z.array(enterpriseSchema),
  accounts: z.array(accountSchema),
  people: z.array(personSchema),
  apps: z.array(zocksAppSchema),
  tokens: tokenSnapshotSchema,
});

export type ZocksAccount = z.infer<typeof accountSchema>;
export type Enterprise = z.infer<typeof enterpriseSchema>;
export type Person = z.infer<typeof personSchema>;
export type Owned = z.infer<typeof ownedSchema>;
export type ZocksApp = z.infer<typeof zocksAppSchema>;
export type ZocksAppInput = z.infer<typeof zocksAppInputSchema>;
export type ZocksSnapshot = z.infer<typeof zocksSnapshotSchema>;
