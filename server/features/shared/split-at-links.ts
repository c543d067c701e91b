/** Neither what ends an address in prose or JSON, nor what would show another one than is opened. */
const ADDRESS =
  /(?<!\w)https?:\/\/[^\s<>"`\\“”„«»\p{Cc}\u200b-\u200f\u202a-\u202e\u2066-\u2069]+/giu;
const PUNCTUATION = ".,;:!?…'’*_~)]}";

/** Returns the text in pieces; those with `href` are http(s) addresses, to be shown as links. */
export function splitAtLinks(text: string): { text: string; href?: string }[] {
  const parts: { text: string; href?: string }[] = [];
  let end = 0;
  for (const { 0: found, index } of text.matchAll(ADDRESS)) {
    const address = trimEnd(found);
    if (!URL.canParse(address)) continue;
    parts.push({ text: text.slice(end, index) }, { text: address, href: address });
    end = index + address.length;
  }
  return [...parts, { text: text.slice(end) }].filter((part) => part.text !== '');
}

/** What follows an address in a sentence is not part of it, unless it closes a bracket inside. */
function trimEnd(address: string): string {
  let end = address.length;
  while (PUNCTUATION.includes(address.charAt(end - 1))) end -= 1;
  const trimmed = address.slice(0, end);
  const isOpen = trimmed.split('(').length > trimmed.split(')').length;
  return isOpen && address.startsWith(`${trimmed})`) ? `${trimmed})` : trimmed;
}
