import { access } from './features/access/index.ts';
import { activity } from './features/activity/index.ts';
import { apology } from './features/apology/index.ts';
import { bursts } from './features/bursts/index.ts';
import { changedSecrets } from './features/changed-secrets/index.ts';
import { causes } from './features/causes/index.ts';
import { connections } from './features/connections/index.ts';
import { customers } from './features/customers/index.ts';
import { deletion } from './features/deletion/index.ts';
import { demo } from './features/demo/index.ts';
import { developmentSecrets } from './features/development-secrets/index.ts';
import { endings } from './features/endings/index.ts';
import { erasure } from './features/erasure/index.ts';
import { events } from './features/events/index.ts';
import type { Feature } from './features/feature.ts';
import { files } from './features/files/index.ts';
import { health } from './features/health/index.ts';
import { hidden } from './features/hidden/index.ts';
import { identity } from './features/identity/index.ts';
import { limits } from './features/limits/index.ts';
import { memory } from './features/memory/index.ts';
import { messages } from './features/messages/index.ts';
import { metrics } from './features/metrics/index.ts';
import { moves } from './features/moves/index.ts';
import { offers } from './features/offers/index.ts';
import { play } from './features/play/index.ts';
import { postgres } from './features/postgres/index.ts';
import { privacy } from './features/privacy/index.ts';
import { retention } from './features/retention/index.ts';
import { renames } from './features/renames/index.ts';
import { requestLog } from './features/request-log/index.ts';
import { revocation } from './features/revocation/index.ts';
import { speak } from './features/speak/index.ts';
import { sandbox } from './features/sandbox/index.ts';
import { settings } from './features/settings/index.ts';
import { sqlite } from './features/sqlite/index.ts';
import { terminal } from './features/terminal/index.ts';
import { testMessage } from './features/test-message/index.ts';
import { timeline } from './features/timeline/index.ts';
import { undelivered } from './features/undelivered/index.ts';
import { webhook } from './features/webhook/index.ts';

/** What can be left out: docs/make-it-yours.md has what goes with each line. Observers in this order. */
export const features: readonly Feature[] = [
  sqlite, // the database of one instance
  postgres, // the database of several
  developmentSecrets, // for whoever configures none yet
  erasure, // what Zendesk deletes or merges is deleted or merged here too; before what works by itself
  requestLog, // a line for each one; before what takes any
  health, // GET /readyz, keys that are missing, proxies that are not trusted
  causes, // what may have made a sign-in fail; after what knows better
  metrics, // GET /metrics
  timeline, // what just happened, step by step
  sandbox, // a stand-in for Zendesk; what is to answer under every host goes before it
  demo, // something to try out before there is an account
  play, // the whole story on one screen, where Zendesk is a stand-in
  webhook, // an account's webhook, checked and replaced by its owner
  testMessage, // a button that shows that sending works
  events, // the events of an account, and those that failed
  connections, // other services on an account's behalf
  activity, // what the bot hears and does, live
  customers, // who they are, what was said before, and the rest of Zendesk's API
  messages, // every kind of message beside words and their buttons
  files, // pictures and documents, sent and received
  changedSecrets, // one that was changed at Zendesk is learned when a delivery comes with it
  moves, // what follows when PUBLIC_URL changes
  hidden, // what a page sends for a customer without showing it
  retention, // what was said goes after a week, and that it was, after 90 days
  limits, // how much of an account may wait, and accounts that Zendesk limits
  renames, // accounts whose subdomain was changed; after what counts each call
  bursts, // what a customer writes in one go, answered together
  memory, // what handlers remember of a conversation and of a customer
  identity, // the bot's name, picture, and mark of an AI
  speak, // what the bot says by itself
  apology, // what a customer is told whom the bot could not answer
  endings, // conversations that the customer or the people have ended
  offers, // conversations that others offer to the bot
  undelivered, // what the bot said and a channel did not deliver
  settings, // what the admin of an account can set for the bot
  revocation, // POST /remove, and tokens that Zendesk no longer accepts; after what finds where an account is
  access, // which browsers may see an account
  deletion, // an account's data deleted, also without Zendesk
  privacy, // the privacy page and the export
  terminal, // what a developer's terminal shows
];
