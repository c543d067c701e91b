import { isWebAddress } from '../state/values.ts';
import { splitAtLinks } from './text.ts';

/** What rich text may consist of: the tag, and what we write in its place. */
const ELEMENTS = new Map([
  ...['p', 'strong', 'em', 'u', 's', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'a'].map(
    (name): [string, string[]] => [name, [name]],
  ),
  ['div', ['p']],
  ['b', ['strong']],
  ['i', ['em']],
  ['del', ['s']],
  // Headings of the chat would be among those of the page.
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((name): [string, string[]] => [
    name,
    ['p', 'strong'],
  ]),
]);
/** Elements whose content is no text. */
const HIDDEN = /<(script|style|template|title|textarea|iframe)\b[\s\S]*?(?:<\/\1\s*>|$)/gi;
/** What is never closed goes to the end, as in browsers: looked for again from each `<`, it would take all day. */
const TOKEN =
  /<!--[\s\S]*?(?:-->|$)|<(\/?)([a-z][a-z0-9]*)((?:"[^"]*(?:"|$)|'[^']*(?:'|$)|[^'">])*)(?:>|$)|[^<]+|</gi;
const HREF = /(?:^|\s)href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i;

interface Element {
  tag: string;
  end: string;
}

/**
 * Rich text as a bot sent it, for our pages. Nothing of it is passed through: tags that are on the list are
 * written anew, without attributes but the address of a link, and closed where they are left open; every other
 * tag is left out; words are escaped.
 */
export function toSafeHtml(html: string): string {
  const open: Element[] = [];
  let out = '';

  function start(
    tag: string,
    names: string[],
    opening = names.map((name) => `<${name}>`).join(''),
  ) {
    out += opening;
    const end = names.map((name) => `</${name}>`);
    open.push({ tag, end: opening === '' ? '' : end.toReversed().join('') });
  }

  function endDownTo(depth: number) {
    for (const { end } of open.splice(depth).toReversed()) out += end;
  }

  const isIn = (...tags: string[]) => tags.includes(open.at(-1)?.tag ?? '');
  const isInLink = () => open.some(({ tag }) => tag === 'a');

  /** Only items stand in a list, and items nowhere else. */
  function arrange(tag: string | undefined) {
    if (tag !== 'li') {
      if (isIn('ul', 'ol')) start('li', ['li']);
      return;
    }
    const list = open.findLastIndex((one) => one.tag === 'ul' || one.tag === 'ol');
    if (list < 0) start('ul', ['ul']);
    else endDownTo(list + 1);
  }

  function startTag(tag: string, attributes: string) {
    if (tag === 'br') out += '<br>';
    const names = ELEMENTS.get(tag);
    // A link inside a link would end the outer one.
    if (names === undefined || (tag === 'a' && isInLink())) return;
    arrange(tag);
    start(tag, names, tag === 'a' ? openLink(readHref(attributes)) : undefined);
  }

  function endTag(tag: string) {
    const depth = open.findLastIndex((one) => one.tag === tag);
    if (depth >= 0) endDownTo(depth);
  }

  function addText(text: string) {
    if (text.trim() === '' && isIn('ul', 'ol')) return;
    arrange(undefined);
    out += isInLink() ? escape(text) : linkify(text);
  }

  for (const [token, slash, tag, attributes] of html.replaceAll(HIDDEN, '').matchAll(TOKEN)) {
    if (token.startsWith('<!--')) continue;
    if (tag === undefined) addText(decode(token));
    else if (slash === '') startTag(tag.toLowerCase(), attributes ?? '');
    else endTag(tag.toLowerCase());
  }
  endDownTo(0);
  return out;
}

function readHref(attributes: string): string {
  const [, double, single, bare] = HREF.exec(attributes) ?? [];
  return decode(double ?? single ?? bare ?? '').trim();
}

/** What is no web address is no link, and its words stay. */
function openLink(href: string): string {
  if (!isWebAddress(href)) return '';
  return `<a href="${escape(href)}" target="_blank" rel="noopener noreferrer">`;
}

function linkify(text: string): string {
  return splitAtLinks(text)
    .map((part) =>
      part.href ? `${openLink(part.href)}${escape(part.text)}</a>` : escape(part.text),
    )
    .join('');
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}

const NAMED = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', '\u00a0'],
]);

function decode(text: string): string {
  return text.replaceAll(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{1,8}));/gi,
    (entity, decimal: string | undefined, hex: string | undefined, name: string | undefined) => {
      if (name !== undefined) return NAMED.get(name.toLowerCase()) ?? entity;
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
      return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : entity;
    },
  );
}
