import { randomBytes } from 'node:crypto';

const run = randomBytes(6).toString('hex');
/** When none is named. */
const CONVERSATIONS = 1_000;
const STRIDE = 619;
let count = 0;

/** A delivery of about 1.4 KB, as Zendesk sends for one text message; every id is new. */
export function buildDelivery({ conversation }: { conversation?: string } = {}): string {
  const n = count++;
  // Not one after the other in the order of their ids, however few accounts they are of.
  const id = conversation ?? `${run}-conversation-${(n * STRIDE) % CONVERSATIONS}`;
  return JSON.stringify({
    app: { id: '5f0000000000000000000001' },
    webhook: { id: '5f0000000000000000000002', version: 'v2' },
    events: [
      {
        id: `${run}-${n}`,
        createdAt: '2026-01-01T00:00:00.000Z',
        type: 'conversation:message',
        payload: {
          conversation: {
            id,
            type: 'personal',
            activeSwitchboardIntegration: {
              id: '5f0000000000000000000003',
              name: 'shopkeeper',
              integrationId: '5f0000000000000000000004',
              integrationType: 'shopkeeper',
            },
          },
          message: {
            id: `${run}-message-${n}`,
            received: '2026-01-01T00:00:00.000Z',
            author: {
              type: 'user',
              userId: '5f0000000000000000000005',
              displayName: 'Customer',
              user: { id: '5f0000000000000000000005', authenticated: false },
            },
            content: { type: 'text', text: 'Where is my order? '.repeat(30) },
            source: { type: 'web', integrationId: '5f0000000000000000000006' },
          },
        },
      },
    ],
  });
}
