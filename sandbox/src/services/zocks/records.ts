import { z } from 'zod';
import { tokenSnapshotSchema } from '../../oauth/records.ts';
import { zocksAppSchema } from '../portal/registered-apps.ts';

export const zocksSnapshotSchema = z.object({
  /** From before there was a portal. */
  apps: z.array(zocksAppSchema).optional(),
  tokens: tokenSnapshotSchema,
});

export type ZocksSnapshot = z.infer<typeof zocksSnapshotSchema>;
