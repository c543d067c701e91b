import type { ErrorRequestHandler } from 'express';
import { services } from './services.ts';
import type { Service } from './services/service.ts';
import { clientErrorOf } from './refused.ts';
import { showStatus } from './zendesk/errors.ts';

/** Of the services that programs call; where such a call leads and how it is refused. */
const apis = services.flatMap(({ name, api }: Service) => (api ? [{ name, ...api }] : []));
export const oauthNames = apis.map(({ name }) => name).join('|');

/** What programs call, in contrast to pages. */
const CALLS = [
  /^\/sc\/(?!oauth\/authorize\b)/i,
  /^\/accounts\/[^/]+\/sc\//i,
  /^\/legacy\//i,
  /^\/attachments\//i,
  /^\/(\w+\/)?\.well-known\//i,
  ...apis.map(({ name, path }) => new RegExp(`^/${name}/${path}/`, 'i')),
  new RegExp(`^/(${oauthNames})/oauth/(token|revoke)\\b`, 'i'),
];

export function isMachineCall(path: string): boolean {
  return CALLS.some((call) => call.test(path));
}

/** The body of a refusal in the words of the service that was called. */
export function wordRefusal(path: string, status: number, sentence: string): unknown {
  const api = apis.find(({ name }) => path.toLowerCase().startsWith(`/${name}/`));
  return api ? api.word(status, sentence) : showStatus(status, sentence).body;
}

/** A call whose address or body cannot be read is refused as calls are, and not with a page. */
export function answerUnreadableCall(): ErrorRequestHandler {
  return (error: unknown, { path }, response, next) => {
    const status = clientErrorOf(error);
    if (status === undefined || response.headersSent || !isMachineCall(path)) next(error);
    else response.status(status).json(wordRefusal(path, status, 'This call cannot be read.'));
  };
}
