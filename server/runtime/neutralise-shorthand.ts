const ZERO_WIDTH_SPACE = '\u200b';

/**
 * The platform executes `%((…))%`, `&((…))&` and `%[…]%` inside business messages: a customer who gets
 * quoted could pass control with it. A zero-width space keeps the text readable and the command dead.
 */
export function neutraliseShorthand(text: string): string {
  return text.replace(/([%&])(?=\(\()|%(?=\[)/g, `$&${ZERO_WIDTH_SPACE}`);
}
