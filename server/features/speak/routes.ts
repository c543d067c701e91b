import express, { Router, type ErrorRequestHandler } from 'express';
import { ZodError } from 'zod';
import type { Core } from '../../core.ts';
import { AppError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { refuseDeepJson } from '../../parse-json.ts';
import { RemoteError } from '../../remote-error.ts';
import type { BotInstallation, BotInstallations, Routes, RouteTools } from '../../runtime/types.ts';
import type { Installation } from '../../store/schema.ts';
import { CONNECTED } from '../../store/tables/installations.ts';
import { isColumnText } from '../../text.ts';
import { endBegun, toAppError } from '../../web/error-pages.ts';
import { lookAtToken } from '../shared/look-at-token.ts';
import { speak } from './speak.ts';

declare module '../../runtime/types.ts' {
  /**
   * Your own routes, below `/bot`: for other programs, so without cookies and CSRF tokens. A body of JSON is
   * parsed, up to 100 KB; `request.rawBody` is what was sent, for a signature. What you throw becomes an answer
   * in JSON.
   */
  export type Routes = (router: Router, tools: RouteTools) => void;

  export interface RouteTools {
    speak: Speak;
    installations: BotInstallations;
    log: Log;
  }

  /** The accounts that have the bot installed. */
  export interface BotInstallations {
    /** By the part of its address before `.zendesk.com`, or by our own id; undefined when there is none. */
    find: (by: { subdomain: string } | { id: string }) => Promise<BotInstallation | undefined>;
    list: () => Promise<BotInstallation[]>;
  }

  export interface BotInstallation {
    id: string;
    /** Undefined for the oldest accounts, which have none. */
    subdomain: string | undefined;
    name: string;
  }

  interface Bot {
    routes?: Routes;
  }
}

declare module 'express-serve-static-core' {
  interface Request {
    /** The body of JSON as it was sent, below `/bot`. */
    rawBody?: Buffer;
  }
}

/** The bot's routes, where it has some, under `/bot`. */
export function openRoutes(core: Core): Router {
  const { log } = core;
  const tools: RouteTools = {
    speak: (installation, to, what) => speak(core, installation, to, what),
    installations: openInstallations(core),
    log,
  };
  let opened: { routes: Routes; own: Router } | undefined;

  /** Anew when the bot was swapped, as it is while one works on it. */
  function findOwn(): Router | undefined {
    const { routes } = core.bot;
    if (routes === undefined) return undefined;
    if (opened?.routes !== routes) {
      const own = Router();
      routes(own, tools);
      opened = { routes, own };
    }
    return opened.own;
  }

  // What is missing in the environment is told at the start.
  findOwn();
  const router = Router();
  router.use('/bot', (_request, _response, next) => next(findOwn() ? undefined : 'router'));
  router.use('/bot', readJson, (request, response, next) => findOwn()?.(request, response, next));
  router.use('/bot', refuseUnknown, answerFailure(log));
  return router;
}

const readJson = express.json({
  limit: '100kb',
  verify(request, response, body) {
    refuseDeepJson(request, response, body);
    Object.assign(request, { rawBody: body });
  },
});

function refuseUnknown(): never {
  const text = 'There is no such route.';
  throw new AppError('not_found', text, 'Check the method and the path.', { status: 404 });
}

function openInstallations(core: Core): BotInstallations {
  const { kysely } = core.database;
  const installed = () =>
    kysely
      .selectFrom('installations')
      .select(['id', 'subdomain', 'display_name'])
      .where('status', 'in', CONNECTED)
      .orderBy('created_at', 'desc')
      .orderBy('id');
  return {
    async find(by) {
      const [column, value] =
        'id' in by ? (['id', by.id] as const) : (['subdomain', by.subdomain] as const);
      if (!isColumnText(value)) return undefined;
      const list = () => installed().where(column, '=', value).execute();
      const found = await list();
      // An address is of one account: the others have moved, and nobody has called them since.
      if (found.length > 1)
        await Promise.all(found.map((one) => lookAtToken(core, one).catch(() => false)));
      const [row] = found.length > 1 ? await list() : found;
      return row && present(row);
    },
    list: async () => (await installed().execute()).map(present),
  };
}

function present(row: Pick<Installation, 'id' | 'subdomain' | 'display_name'>): BotInstallation {
  return { id: row.id, subdomain: row.subdomain ?? undefined, name: row.display_name };
}

/** Anything thrown as JSON that says what to do. Never a stack, never a foreign message. */
function answerFailure(log: Log): ErrorRequestHandler {
  // Express knows by the four parameters that this is for errors.
  return (thrown, _request, response, _next) => {
    const error = thrown instanceof ZodError ? explainFields(thrown) : toAppError(thrown);
    const { requestId } = response.locals;
    if (error.status >= 500) log.error({ error: thrown, requestId }, error.message);
    if (response.headersSent) return endBegun(response);
    const { status, code, message, hint, cause } = error;
    const retryAfterMs = cause instanceof RemoteError ? (cause.retryAfterMs ?? 1_000) : 1_000;
    if (status === 503) response.set('Retry-After', String(Math.ceil(retryAfterMs / 1_000)));
    response.status(status).json({ error: { code, message, hint }, requestId });
  };
}

/** A route that parses what it was sent with a schema says so itself. */
function explainFields({ issues }: ZodError): AppError {
  const fields = issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
  const text = `The request is not what was expected. ${fields.join('; ')}`;
  return new AppError('bad_request', text, 'Send it as the documentation of this route says.');
}
