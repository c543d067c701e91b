import { z } from 'zod';
import { tokenSnapshotSchema } from '../oauth/records.ts';

export const zocksAppSchema = z.object({
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  name: z.string().min(1),
  redirectUris: z.array(z.url()).min(1),
  /** Zocks publishes no scope names: these are the app's own. */
  scopes: z.array(z.string()),
});

export const zocksSnapshotSchema = z.object({
  apps: z.array(zocksAppSchema),
  tokens: tokenSnapshotSchema,
});

export type ZocksApp = z.infer<typeof zocksAppSchema>;
export type ZocksSnapshot = z.infer<typeof zocksSnapshotSchema>;
