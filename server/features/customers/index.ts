import type { Feature } from '../feature.ts';
import { openHistory } from './history.ts';
import { openCustomer } from './profile.ts';
import { openCall } from './zendesk-call.ts';

/** What a handler asks Zendesk for: who the customer is, what was said before, and any other call. */
export const customers: Feature = {
  name: 'customers',
  open: (core) => ({
    tools: (attempt) => ({
      customer: openCustomer(core, attempt),
      history: openHistory(attempt),
      zendesk: { call: openCall(attempt) },
    }),
  }),
};
