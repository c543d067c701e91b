import { z } from 'zod';

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

const detailsSchema = z.object({
  logoUrl: z.string(),
  name: z.string(),
  shortDescription: z.string(),
  about: z.string(),
  /** One bullet each. */
  whatYouCanDo: z.array(z.string()),
});

const appSchema = z.object({
  clientId: z.string(),
  secretHash: z.string(),
  /** Whose app it is, and the only account that sees it unless it is enabled for the hierarchy. */
  accountId: z.string(),
  /** Where it works: with Zocks' data, or as a marketplace bot of Zendesk. */
  platform: z.enum(['zocks', 'zendesk']),
  details: detailsSchema,
  redirectUris: z.array(z.string()),
  /** A marketplace bot has none. */
  scopes: z.array(z.string()),
  /** Those three only for a marketplace bot; empty: none. */
  installUrl: z.string().optional(),
  removeUrl: z.string(),
  configurationUrl: z.string(),
  isEnabled: z.boolean(),
  /** Whether every account of the enterprise has it. Only the operator of the sandbox approves. */
  hierarchy: z.enum(['off', 'requested', 'on']),
});

/** Details as the fields of a form have them: the bullets are the lines of one text. */
const typedDetailsSchema = detailsSchema.extend({ whatYouCanDo: z.string() });

/** The fields of the wizard as they were typed, right or wrong. */
const draftSchema = z.object({
  personId: z.string(),
  details: typedDetailsSchema,
  redirectUris: z.array(z.string()),
  scopes: z.array(z.string()),
});

export const portalSnapshotSchema = z.object({
  enterprises: z.array(enterpriseSchema),
  accounts: z.array(accountSchema),
  people: z.array(personSchema),
  apps: z.array(appSchema),
  drafts: z.array(draftSchema),
});

export type PortalAccount = z.infer<typeof accountSchema>;
export type Enterprise = z.infer<typeof enterpriseSchema>;
export type Person = z.infer<typeof personSchema>;
export type AppDetails = z.infer<typeof detailsSchema>;
export type TypedDetails = z.infer<typeof typedDetailsSchema>;
export type App = z.infer<typeof appSchema>;
export type Draft = z.infer<typeof draftSchema>;
export type PortalSnapshot = z.infer<typeof portalSnapshotSchema>;
