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
   * Of the overview: what is to be known first, the end of the sentence on its health, or below it. Of the
   * settings and of an event: below the core's own; of the settings also in the danger zone.
   */
  place: 'notice' | 'health' | 'overview' | 'settings' | 'danger' | 'event';
}
