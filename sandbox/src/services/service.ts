import type { RequestHandler, Router } from 'express';
import type { Faults } from '../faults/create-faults.ts';
import type { Platform } from '../platform/create-platform.ts';
import type { Changes } from '../state/changes.ts';
import type { WorldLimits } from '../world-limits.ts';

/** What a service has to work with: the parts of one world, which two worlds never share. */
export interface WorldParts {
  changes: Changes;
  faults: Faults;
  limits: WorldLimits;
  log: (line: string) => void;
  /** Whether this process may send requests to an address that people have entered. */
  mayCall: (url: string) => boolean;
  /** Zendesk without HTTP. */
  platform: Platform;
  /** Multiplies the documented waits between attempts. */
  timeScale: number;
  /** Where the sandbox is. */
  url: string;
  /** Ends every name and credential given out, so that those of two worlds differ. */
  worldSuffix: string;
  /** A service this one stands on. @throws when it is not in the list before it. */
  find<Opened extends OpenService>(service: Service<string, Opened>): Opened;
}

/** A service in one world. */
export interface OpenService {
  /** Everything under /{name}. `forms` is what the forms of a page pass through. */
  createRoutes(forms: RequestHandler[]): Router;
  /** What is kept over a restart, as JSON. */
  toSnapshot(): unknown;
  /** How a program makes its apps known, and what it has to know for that. */
  registrar: object;
  /** What people do with the pages, for tests. */
  control: object;
  /** What its card on the front page shows. */
  showCard?(): object;
  /** How full it is, where there are limits. */
  listUsage?(): { name: string; used: number; limit: number }[];
  /** Sends nothing any more. */
  stop?(): void;
}

/** A service beside Zendesk. Its pages are in views/{name}, its styles and scripts in public/{name}. */
export interface Service<Name extends string = string, Opened extends OpenService = OpenService> {
  name: Name;
  title: string;
  /** A card of its own on the front page, as a view; absent: a link in the card of all others. */
  card?: string;
  /** The calls that a fault can name. */
  operations: readonly string[];
  /** What programs call beside /{name}/oauth/token and …/revoke; absent: nothing. */
  api?: {
    /** Below /{name}. */
    path: string;
    /** The body of a refusal in the service's words. */
    word(status: number, sentence: string): unknown;
  };
  /** What its authorization server can do, where it tells clients (RFC 8414). `issuer` is {url}/{name}. */
  describeServer?: (issuer: string) => object;
  /** @throws a ZodError when what was kept cannot be read. */
  open(parts: WorldParts, saved: unknown): Opened;
}

type OpenedBy<One> = One extends Service<string, infer Opened> ? Opened : never;
type Intersection<Union> = (Union extends unknown ? (one: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

/** The registrars of all services in one. */
export type RegistrarOf<List extends readonly Service[]> = Intersection<
  OpenedBy<List[number]>['registrar']
>;

/** The controls of all services, by name. */
export type ControlOf<List extends readonly Service[]> = {
  [One in List[number] as One['name']]: OpenedBy<One>['control'];
};

/** Opens the services in order, each with its part of what was kept. */
export function openServices(
  list: readonly Service[],
  parts: Omit<WorldParts, 'find'>,
  saved: Record<string, unknown>,
): Map<Service, OpenService> {
  const opened = new Map<Service, OpenService>();
  function find<Opened extends OpenService>(service: Service<string, Opened>): Opened {
    const found = opened.get(service);
    if (!found)
      throw new Error(`The list of services lacks ${service.name}, on which others stand`);
    // What `open` of this very service returned.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return found as Opened;
  }
  for (const service of list)
    opened.set(service, service.open({ ...parts, find }, saved[service.name]));
  return opened;
}
