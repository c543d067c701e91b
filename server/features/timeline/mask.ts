/** Where a secret was, in a text of ours, stands its name between these brackets. */
const [OPEN, CLOSE] = ['⟦', '⟧'];
const MASKED = /⟦([A-Z_]+)⟧/;

export function mask(name: string): string {
  return `${OPEN}${name}${CLOSE}`;
}

/** In what others wrote the brackets become ordinary ones, so that nobody can forge a mask. */
export function disarmMasks(text: string): string {
  return text.replaceAll(OPEN, '[').replaceAll(CLOSE, ']');
}

/** The text between masks and the names in them, by turns: text, name, text, name, text. */
export function splitAtMasks(text: string): string[] {
  return text.split(MASKED);
}

/** For people: that something was there, but neither what nor how much. */
export function showMasks(text: string): string {
  return splitAtMasks(text)
    .map((part, index) => (index % 2 === 0 ? part : '•••'))
    .join('');
}
