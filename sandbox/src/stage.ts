import type { Faults } from './faults/create-faults.ts';

/** What the program that runs the stand-in can do in its visitor's place. */
export interface Stage {
  /**
   * The authorization request with this `state` is allowed in an account, without a page, if it comes
   * within a minute. `account`: by its name without the ending that a visitor's world gives it.
   */
  allowUnasked(state: string, account: string): void;
  /** The faults of the world that an account is in; undefined: that world is gone. */
  findFaults(account: string): Promise<Faults | undefined>;
  /** Shows a line above every page of the account's world; asked anew for each of them. */
  showGuide(account: string, guide: () => Guide | undefined): Promise<void>;
}

/** What to do next, on the site of whoever says so. */
export interface Guide {
  text: string;
  button: { label: string; href: string };
}
