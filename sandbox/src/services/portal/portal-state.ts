import type { Bot, Draft, PortalSnapshot } from './records.ts';

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
