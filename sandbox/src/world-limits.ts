/** How much one world may hold, and how long. */
export interface WorldLimits {
  conversations: number;
  /** A conversation with so many messages is locked. */
  messagesPerConversation: number;
  /** Apps made in the portal; those that programs register do not count. */
  apps: number;
  armedFaults: number;
  /** How often one fault may strike. */
  strikes: number;
  /** An armed fault is forgotten after so many milliseconds. */
  faultLifetimeMs: number;
  /** Zoom's meetings: the newest are kept. */
  meetings: number;
  /** Uploaded and sent files: the newest are kept, of so many bytes together. */
  attachments: number;
  attachmentBytes: number;
  /** Remembered calls of each service. */
  calls: number;
  /** Remembered attempts to deliver. */
  deliveryAttempts: number;
}

/** On your own machine the limits are Zendesk's and Zoom's, not ours. */
export const LOCAL_LIMITS: WorldLimits = {
  conversations: Infinity,
  messagesPerConversation: 30_000,
  apps: Infinity,
  armedFaults: Infinity,
  strikes: 10_000,
  faultLifetimeMs: Infinity,
  meetings: 1_000,
  attachments: 200,
  attachmentBytes: 64 * 1024 * 1024,
  calls: 1_000,
  deliveryAttempts: 10_000,
};
