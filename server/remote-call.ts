import { z } from 'zod';
import { codeOf } from './errors.ts';
import { parseJson } from './parse-json.ts';
import { readRefusal, RemoteError, type ReadForm } from './remote-error.ts';
import type { RemoteAnswer } from './send-request.ts';
import { startDeadline } from './timers.ts';

export interface RemoteInit extends RequestInit {
  method: string;
  headers: Record<string, string>;
  /** JSON, or a form with a file. */
  body?: string | FormData;
  /** The answer is a file, for whoever asked for it alone. */
  isFile?: boolean;
}

/** `fetch`, told which operation of the service's API it is for. */
export type RemoteFetch = (operation: string, url: string, init: RemoteInit) => Promise<Response>;

/** The same for requests and answers of text: `sendRequest`, or `fetch`. */
export type RemoteSend = (
  operation: string,
  url: string,
  init: RemoteInit,
) => Promise<RemoteAnswer>;

interface Question {
  /** As the service's documentation names it. */
  operation: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  accessToken?: string;
  /** JSON, or a form with a file. */
  body?: unknown;
  /** Of this call; else that of all. */
  timeoutMs?: number | undefined;
}

export interface RemoteRequest<Answer> extends Question {
  accessToken: string;
  answer: z.ZodType<Answer>;
}

export interface RemoteService {
  /** Sent along with each call. */
  headers?: Record<string, string>;
  timeoutMs: number;
  fetch: RemoteSend;
}

/** Calls a service's JSON API. @throws RemoteError */
export type RemoteCall = <Answer>(request: RemoteRequest<Answer>) => Promise<Answer>;

const nothing = z.undefined().optional();

/**
 * The answer of calls that have nothing to say: none, or a JSON object (OpenAPI). A page or a text is of
 * something in between, which may answer everything with 200, and so are a gateway's words in JSON.
 */
export const Done = z.union([
  z.undefined(),
  z.looseObject({ message: nothing, error: nothing, errors: nothing }),
]);

/** Makes calls of a service's JSON API: answers are checked against a schema, and refusals read in its form. */
export function createRemoteCall(service: RemoteService & { readForm: ReadForm }): RemoteCall {
  const { readForm } = service;
  return ({ answer, ...question }) =>
    ask(service, question, async (response) => {
      const sent = [question.accessToken];
      if (!response.ok) throw await readRefusal(question.operation, response, { readForm, sent });
      const text = await response.text();
      return answer.parse(text === '' ? undefined : (parseJson(text) ?? text));
    });
}

/**
 * The one way in which JSON calls leave for a service: within a time, that for reading the answer included, and
 * with failures judged once. Redirects are not followed, so the token reaches no other host. @throws RemoteError
 */
export async function ask<Answer>(
  service: RemoteService,
  { operation, method, url, accessToken, body, timeoutMs = service.timeoutMs }: Question,
  read: (response: RemoteAnswer) => Promise<Answer>,
): Promise<Answer> {
  // `fetch` itself says what kind of a form it is, and what its parts are divided by.
  const isForm = body instanceof FormData;
  const isJson = body !== undefined && !isForm;
  let status: number | undefined;
  const deadline = startDeadline(timeoutMs);
  try {
    const response = await service.fetch(operation, url, {
      method,
      headers: {
        ...service.headers,
        ...(accessToken === undefined ? {} : { Authorization: `Bearer ${accessToken}` }),
        Accept: 'application/json',
        ...(isJson ? { 'Content-Type': 'application/json' } : {}),
      },
      ...(isJson ? { body: JSON.stringify(body) } : {}),
      ...(isForm ? { body } : {}),
      redirect: 'manual',
      signal: deadline.signal,
    });
    ({ status } = response);
    return await read(response);
  } catch (error) {
    throw error instanceof RemoteError ? error : noAnswer(operation, status, error);
  } finally {
    deadline.end();
  }
}

/**
 * The network failed, time ran out, or a 2xx is not the JSON we know. All leave open whether the call took
 * effect, and all may be tried again.
 */
export function noAnswer(operation: string, status: number | undefined, cause: unknown) {
  // EAI_AGAIN: no resolver could say, which some say of names that do not exist.
  const code = cause instanceof Error ? (codeOf(cause) ?? codeOf(cause.cause)) : undefined;
  const isUnknownHost = code === 'ENOTFOUND' || code === 'EAI_AGAIN';
  const network = isUnknownHost ? 'no such host was found' : 'network error or time-out';
  const reason = status === undefined ? network : `status ${status}, unreadable`;
  return new RemoteError(operation, { reason, isMisdirected: isUnknownHost, cause });
}
