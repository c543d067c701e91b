import { z } from 'zod';

/** Why the sandbox does not do what it was asked: an HTTP status, and a sentence for the person who asked. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, sentence: string) {
    super(sentence);
    this.status = status;
  }
}

/** A refusal in Zendesk's words: an HTTP status and one entry of `{errors: [{code, title}]}` per title. */
export class ApiError extends Refused {
  readonly code: string;
  readonly titles: string[];

  constructor(status: number, code: string, ...titles: string[]) {
    super(status, titles.join(' '));
    this.code = code;
    this.titles = titles;
  }
}

/** Express and its parsers throw errors with a `status`; what carries none is our own mistake. */
const Unreadable = z.object({ status: z.int().min(400).max(499) });

/** The status of a request whose address or body cannot be read; undefined: it is not the client's fault. */
export function clientErrorOf(error: unknown): number | undefined {
  return Unreadable.safeParse(error).data?.status;
}
