const SHORTHAND = /%\(\(switchboard:passControl(?::([^()]+))?\)\)%/;

/**
 * Business text can carry a control command: `%((switchboard:passControl))%` or
 * `%((switchboard:passControl:name))%`. Returns the target it names, `next` when it names none,
 * undefined when the text is just text.
 */
export function readControlShorthand(text: string): string | undefined {
  const match = SHORTHAND.exec(text);
  return match ? (match[1] ?? 'next') : undefined;
}
