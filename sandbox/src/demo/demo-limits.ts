import type { WorldLimits } from '../world-limits.ts';

const KB = 1024;
const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

/** What one visitor's world may hold. */
export const DEMO_WORLD_LIMITS: WorldLimits = {
  conversations: 20,
  messagesPerConversation: 200,
  apps: 10,
  armedFaults: 5,
  strikes: 20,
  faultLifetimeMs: 10 * MINUTE_MS,
  meetings: 100,
  attachments: 5,
  attachmentBytes: 256 * KB,
  calls: 0,
  deliveryAttempts: 20,
};

/** How many visitors there may be, and what each may ask for. */
export interface VisitorLimits {
  worlds: number;
  /** A new world for one client address: an office behind one address has room. */
  newWorldsAnHour: number;
  /** Forms a visitor sends. */
  formsAMinute: number;
  /** Calls of the API with one visitor's credentials. */
  callsAMinute: number;
  /** Requests of one world that have not been answered to the end, live pages among them. */
  openRequests: number;
  /** A world takes nothing in beyond so many characters: what is written down of it, and uploaded files. */
  worldCharacters: number;
  /** All worlds together: beyond it, those that have more than a fair share take nothing more in. */
  allCharacters: number;
  fairCharacters: number;
  /** A world ends when its visitor stays away for so long. */
  idleMs: number;
  /** And much sooner when its cookie never came back: that was no browser. */
  unclaimedMs: number;
  /** Where there is no room, a world makes some that nobody came to for so long, the emptiest first. */
  recentMs: number;
  recentUnclaimedMs: number;
}

export const VISITOR_LIMITS: VisitorLimits = {
  worlds: 1_000,
  newWorldsAnHour: 60,
  formsAMinute: 60,
  callsAMinute: 600,
  openRequests: 60,
  worldCharacters: 512 * KB,
  allCharacters: 96 * 1024 * KB,
  fairCharacters: 64 * KB,
  idleMs: 24 * HOUR_MS,
  unclaimedMs: 10 * MINUTE_MS,
  recentMs: HOUR_MS,
  recentUnclaimedMs: MINUTE_MS,
};

/** The Express apps of so many worlds are kept: they weigh more than the worlds and are quickly rebuilt. */
export const KEPT_APPS = 100;
