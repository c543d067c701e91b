import { request as sendHttp, type IncomingMessage } from 'node:http';
import { request as sendHttps } from 'node:https';
import { text as readText } from 'node:stream/consumers';
import { isLoopback } from '../../config/values.ts';
import { codeOf } from '../../errors.ts';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

/** A request that got no answer; the message completes "https://bot.example.com …". */
export class NoAnswerError extends Error {}

const REASONS: Record<string, string> = {
  ENOTFOUND: 'has a name that does not exist',
  EAI_AGAIN: 'has a name that cannot be looked up at the moment',
  ECONNREFUSED: 'refuses the connection: nothing listens there',
  ECONNRESET: 'cuts the connection',
  UND_ERR_SOCKET: 'cuts the connection',
  EHOSTUNREACH: 'cannot be reached from here',
  ENETUNREACH: 'cannot be reached from here',
  CERT_HAS_EXPIRED: 'has a certificate that has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'has a certificate for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'has a certificate that it signed itself',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'has a certificate without its intermediate certificates',
};

interface Question {
  timeoutMs: number;
  method?: 'HEAD' | 'POST';
  headers?: Record<string, string>;
  body?: string;
}

type Send = (
  url: string,
  init: Omit<Question, 'timeoutMs'> & { signal: AbortSignal },
) => Promise<Answer>;

/**
 * Asks without following redirects; this machine as askHere does, whatever calls to others go through.
 * @throws NoAnswerError, also when headers or body take longer than the time-out.
 */
export const askUrl = (url: string, question: Question): Promise<Answer> =>
  ask(isLoopback(new URL(url)) ? sendHere : sendByFetch, url, question);

/** Asks a program on this machine, at whichever of its addresses. @throws NoAnswerError */
export const askHere = (url: string, question: Question): Promise<Answer> =>
  ask(sendHere, url, question);

async function ask(send: Send, url: string, question: Question): Promise<Answer> {
  const { timeoutMs, ...rest } = question;
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    return await send(url, { ...rest, signal });
  } catch (error) {
    const reason = signal.aborted ? `gives no answer within ${timeoutMs / 1000} s` : explain(error);
    throw new NoAnswerError(reason, { cause: error });
  }
}

const sendByFetch: Send = async (url, init) => {
  const response = await fetch(url, { ...init, redirect: 'manual' });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

/** Without the common agent, and without `fetch`: NODE_USE_ENV_PROXY has these ask a proxy, also for this machine. */
const sendHere: Send = async (url, { body, ...init }) => {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const send = url.startsWith('https:') ? sendHttps : sendHttp;
    send(url, { ...init, agent: false }, resolve)
      .on('error', reject)
      .end(body);
  });
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(answer.headersDistinct))
    for (const value of values) headers.append(name, value);
  return { status: answer.statusCode ?? 0, headers, text: await readText(answer) };
};

function explain(error: unknown): string {
  const code = codeOf(error) ?? codeOf(error instanceof Error ? error.cause : undefined);
  return REASONS[code ?? ''] ?? `cannot be reached (${code ?? 'unknown reason'})`;
}
