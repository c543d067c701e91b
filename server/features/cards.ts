/** What is shown somewhere. */
export interface View {
  /** Below views/, without `.ejs`. */
  view: string;
  locals: object;
}

export interface HomeParts {
  /** Its first button. */
  button: { href: string; label: string; hint: string };
  /** Beside the promise. */
  figure: View;
  /** A section of its own, with the id that the button for engineers leads to. */
  section: View & { id: string };
}

/** A section of a page. */
export interface Card extends View {
  /**
   * Of the overview: a link beside the account's name, what is to be known first, the end of the sentence on
   * its health, why the bot does not answer, which changes that sentence, or below all that. Of the settings:
   * what is to be known first, what can be checked, what can be set, or what ends something. Of an event:
   * below the core's own.
   */
  place:
    | 'link'
    | 'notice'
    | 'health'
    | 'obstacle'
    | 'overview'
    | 'check'
    | 'settings'
    | 'danger'
    | 'event';
}
