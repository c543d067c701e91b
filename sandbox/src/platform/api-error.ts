import { Refused } from '../refused.ts';

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
