/** A refusal as the API words it: an HTTP status and one entry of `{errors: [{code, title}]}` per title. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly titles: string[];

  constructor(status: number, code: string, ...titles: string[]) {
    super(titles.join(' '));
    this.status = status;
    this.code = code;
    this.titles = titles;
  }
}
