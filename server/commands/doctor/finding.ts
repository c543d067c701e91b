/** One line of the report. */
export interface Finding {
  check: string;
  /** Only a problem makes the command fail; advice is for later, or for taste. */
  status: 'ok' | 'advice' | 'problem' | 'skipped';
  text: string;
  /** What to do, for advice and problems. */
  fix?: string;
}

export function ok(check: string, text: string): Finding {
  return { check, status: 'ok', text };
}

export function skipped(check: string, text: string): Finding {
  return { check, status: 'skipped', text };
}

export function advice(check: string, text: string, fix: string): Finding {
  return { check, status: 'advice', text, fix };
}

export function problem(check: string, text: string, fix: string): Finding {
  return { check, status: 'problem', text, fix };
}
