import { z } from 'zod';
import { appDetailsSchema } from '../../state/registered-app.ts';
import { ownedSchema } from '../zocks/zocks-state.ts';
import type { ZocksApp } from '../zocks/zocks-state.ts';

/** Details as the fields of a form have them: the bullets are the lines of one text. */
const typedDetailsSchema = appDetailsSchema.extend({ whatYouCanDo: z.string() });

/** With Zocks' data, or as a marketplace bot of Zendesk, which has addresses and no scopes. */
export const platformSchema = z.enum(['zocks', 'zendesk']);

/** The fields of the wizard as they were typed, right or wrong. */
const draftSchema = z.object({
  personId: z.string(),
  platform: platformSchema,
  details: typedDetailsSchema,
  redirectUris: z.array(z.string()),
  scopes: z.array(z.string()),
  installUrl: z.string(),
  removeUrl: z.string(),
  configurationUrl: z.string(),
  /** Empty: none. */
  testAccount: z.string(),
});

/** What Zendesk's registry does not know of a marketplace bot: whose it is among the portal's accounts. */
const botSchema = ownedSchema.extend({ clientId: z.string() });

export const portalSnapshotSchema = z.object({
  drafts: z.array(draftSchema),
  bots: z.array(botSchema),
});

/** An app as the portal shows and changes it, wherever it works. Empty: none. */
export type PortalApp = ZocksApp &
  Pick<Draft, 'platform' | 'installUrl' | 'removeUrl' | 'configurationUrl' | 'testAccount'>;

export type TypedDetails = z.infer<typeof typedDetailsSchema>;
export type Draft = z.infer<typeof draftSchema>;
export type Bot = z.infer<typeof botSchema>;
type PortalSnapshot = z.infer<typeof portalSnapshotSchema>;

export interface PortalState {
  /** By the id of the person who writes it. */
  drafts: Map<string, Draft>;
  /** By client id; those that nothing was changed of are missing. */
  bots: Map<string, Bot>;
}

export function createPortalState(snapshot?: PortalSnapshot): PortalState {
  return {
    drafts: new Map(snapshot?.drafts.map((draft) => [draft.personId, draft])),
    bots: new Map(snapshot?.bots.map((bot) => [bot.clientId, bot])),
  };
}

export function toPortalSnapshot({ drafts, bots }: PortalState): PortalSnapshot {
  return { drafts: [...drafts.values()], bots: [...bots.values()] };
}
