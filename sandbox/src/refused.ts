/** Why the sandbox does not do what it was asked: an HTTP status, and a sentence for the person who asked. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, sentence: string) {
    super(sentence);
    this.status = status;
  }
}
