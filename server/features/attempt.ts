import type { Write } from '../inbox/settle.ts';
import type { Log } from '../log.ts';
import type { OutgoingMessage } from '../runtime/outbox.ts';
import type { KnownCustomer } from '../runtime/types.ts';
import type { Installation, StoredEvent } from '../store/schema.ts';
import type { ZendeskClient } from '../zendesk/client.ts';

/** The attempt at an event that a handler's tools are bound to. */
export interface Attempt {
  installation: Installation;
  /** The account's Zendesk. */
  client: ZendeskClient;
  event: StoredEvent;
  conversationId: string;
  /** Of what the customer wrote, where it is that. */
  messageId: string | undefined;
  customer: KnownCustomer;
  signal: AbortSignal;
  log: Log;
  /** Once, and in order with all that is sent; throws where nothing may be sent any more. */
  send: (message: OutgoingMessage) => Promise<void>;
  /** Once, when the attempt has gone well: in the transaction that settles the event. */
  onSettle: (write: Write) => void;
}
