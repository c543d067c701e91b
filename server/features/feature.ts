import type { Request, RequestHandler, Response, Router } from 'express';
import type { Kysely, RawBuilder } from 'kysely';
import type { z } from 'zod';
import type { RestoreSources } from '../commands/engine-commands.ts';
import type { SecretsMaker } from '../config/load-secrets.ts';
import type { Core } from '../core.ts';
import type { EventHooks } from '../inbox/event-hooks.ts';
import type { EventTypes } from '../inbox/event-types.ts';
import type { Observer } from '../observe.ts';
import type { Bot, IncomingMessage, Tools } from '../runtime/types.ts';
import type { Dialect } from '../store/engines/database.ts';
import type { DatabaseEngine } from '../store/engines/engine.ts';
import type { Installation, Schema } from '../store/schema.ts';
import type { SecretOwnerKind } from '../store/secrets/secrets.ts';
import type { Author } from '../zendesk/conversations.ts';
import type { MessageEvent } from '../zendesk/events.ts';
import type { Attempt } from './attempt.ts';
import type { Card, HomeParts } from './cards.ts';
import type { ReplaceRun, StandIn, StandInMaker } from './stand-in.ts';

/** What a feature knows by hashes. */
export interface Hashed {
  /** For a sentence: “It tells …”. */
  what: string;
  days: number;
}

/**
 * A part of the app that can be left out: its folder, its views, styles, tests and docs page, and one line
 * in features.ts. All of it is optional but the name.
 */
export interface Feature {
  /** Also that of its folders in features/, views/ and test/features/, its stylesheet and its docs page. */
  name: string;
  /** SQL that makes its tables, and changes them later; in the order of the names: `0001-initial`. */
  migrations?: Record<string, (dialect: Dialect) => readonly string[]>;
  /** Rows of its tables that have secrets. */
  secretOwners?: readonly SecretOwnerKind[];
  /** For whoever configures none: without it they are required in development, too. */
  secrets?: SecretsMaker;
  /** A kind of database that everything can be kept in; without one of them nothing starts. */
  engine?: DatabaseEngine;
  /** Its part of the environment; the values reach it as `core.config.variables`. */
  environment?: FeatureEnvironment;
  /** What stands in for Zendesk in sandbox mode; without one there is no such mode. */
  standIn?: StandInMaker;
  /**
   * In sandbox mode: makes itself at home in the stand-in, and returns what its variables are there instead.
   * `replaceRun`: not where it would concern all visitors of a public demo.
   */
  sandbox?: (
    standIn: StandIn,
    publicUrl: string,
    replaceRun?: ReplaceRun,
  ) => Record<string, string | undefined>;
  /** In sandbox mode: a bot with something to try out, which stands before the partner's own. */
  sandboxBot?: (yours: Bot) => Promise<Bot>;
  /** What others post to it, and the status with which it refuses a post that says nothing: for the doctor. */
  posts?: readonly { path: string; status: number }[];
  /** Where newcomers go first, in sandbox mode: the terminal names it. */
  firstLook?: { name: string; path: string; note: string };
  /** Its pages of an account, beside the overview: below `/installations/{id}`. */
  tab?: { name: string; path: string };
  /** At the foot of every page. */
  footerLink?: { href: string; text: string };
  /** What the partner portal asks for on its account: the name of the field, and the path that goes there. */
  portalAddress?: { field: string; path: string };
  /** Events that it takes care of: its own, and Zendesk's, which the webhook then subscribes to. */
  eventTypes?: EventTypes;
  /**
   * Whether an event may be begun, as SQL without parameters about a row `head` of `events`; what arrives has
   * the `seq` 0.
   */
  mayBegin?: RawBuilder<boolean>;
  /**
   * What it knows by hashes alone (`hash` of the core), while there are any, and for how many days: the key that
   * made them has to be there for so long.
   */
  findHashed?: (kysely: Kysely<Schema>) => Promise<Hashed | undefined>;
  /** What no backup can know, for the command that puts one back. */
  restore?: RestoreSources;
  /** Where a developer looks on, what shows what the app says, in place of lines of JSON. */
  terminal?: (config: { production: boolean; logLevel: string }) => Terminal | undefined;
  /**
   * What it reads of bot.ts beside functions: at the start, so that the first customer is not the one who finds
   * out, and before one that was edited is swapped in. @throws OperatorError
   */
  checkBot?: (bot: Bot) => void;
  /** Puts it together, once, before anything runs. */
  open?: (core: Core) => FeatureParts;
}

export interface FeatureEnvironment {
  variables: z.ZodRawShape;
  /** Which of them are secrets, and so can be given as `…_FILE`. */
  secrets?: readonly string[];
  /** What only matters in combination; each problem says what to do. */
  findProblems?: (env: Record<string, string | undefined>, site: Site) => string[];
}

/** What the core's variables come to. */
interface Site {
  production: boolean;
  /** Whether Zendesk is a stand-in. */
  sandboxMode: boolean;
  port: number;
  publicUrl: string;
}

export interface Terminal {
  /** A line of the log, as JSON. */
  write: (line: string) => void;
  /** Says where everything is, once the app answers. */
  announce: (app: Ready) => void;
}

export interface Ready {
  version: string;
  publicUrl: string;
  /** Where the sandbox is, if Zendesk is one. */
  sandboxUrl: string | undefined;
  /** What else there is to open, or to register in the partner portal. */
  places: readonly Place[];
}

export interface Place {
  name: string;
  address: string;
  note?: string;
}

/** What a running feature adds. */
export interface FeatureParts extends EventHooks {
  /** For whoever runs the app: ahead of everything that is only for the public address. */
  probes?: Router;
  /** For other programs: ahead of the session. */
  endpoints?: Router;
  /** For browsers: behind the session. */
  pages?: Router;
  /** What may have caused a sign-in at a service to fail, by the code of the failure, a sentence each. */
  causes?: (code: string, service: string, response: Response) => readonly string[];
  /**
   * Ahead of every page, behind the session. May set in `response.locals`: `bar`, a View that is shown above
   * what the page is about, and for the head of the page `navLinks`, each `{ href, label }`, and `navForms`,
   * each `{ action, label }`.
   */
  beforePages?: RequestHandler;
  /** What the front page offers besides, to whoever looks at it. */
  home?: (request: Request) => Promise<HomeParts>;
  /** On the account's overview, for the owner who looks at it. */
  cards?: (installation: Installation, request: Request) => Promise<Card[]>;
  /** On the settings of the account. */
  settingsCards?: (installation: Installation, request: Request) => Promise<Card[]>;
  /** Where an event can be looked at, and run again if it failed. */
  eventPath?: (installationId: string, eventId: string) => string;
  /** On the page of one event. */
  eventCards?: (installationId: string, eventId: string) => Promise<Card[]>;
  /** Offered by the page of a disconnect that failed, for an installation. */
  wayOut?: (installationId: string) => { href: string; text: string };
  /** What of an installation is in its tables, a line each, for the page that asks before a deletion. */
  describeData?: (installationId: string) => Promise<string[]>;
  /** What that page shows besides: a view that is given the `basePath` of the account's pages. */
  deletionView?: string;
  /** What it stores, and for how long, for the privacy page. */
  kept?: readonly { what: string; howLong: string }[];
  /** What it deletes and when, a sentence each, for the same page. */
  deletes?: readonly string[];
  /** What it reads of a customer's message: its kind where it is no text, and what else handlers get of each. */
  readMessage?: (
    message: MessageEvent['payload']['message'],
    at: Pick<Attempt, 'client' | 'signal'>,
  ) => Partial<IncomingMessage> | undefined;
  /** Of whoever speaks, on each message of the bot. */
  author?: () => Author;
  /** What handlers receive besides the core's tools, or with more to them. */
  tools?: (attempt: Attempt) => Partial<Tools> | Promise<Partial<Tools>>;
  /** Before an installation is deleted: what needs others, who may be out of reach. */
  beforeRemoval?: (installationId: string) => Promise<void>;
  /** Once an hour: deletes what has been kept long enough. */
  deleteOld?: () => Promise<void>;
  /** What is stored of an installation in its own tables, by name, for the export. */
  exportData?: (installationId: string) => Record<string, AsyncIterable<object>>;
  /** In the background: no event is handled before `start` has returned; `stop` waits for what runs. */
  work?: { start: () => void | Promise<void>; stop: (graceMs: number) => Promise<void> };
  observer?: Observer;
}
