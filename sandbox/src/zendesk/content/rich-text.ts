const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** The part of Markdown that chats have: paragraphs, lists, headings, bold, italics, code and links. */
export function markdownToHtml(markdown: string): string {
  const blocks = markdown.trim().split(/\n{2,}/);
  return blocks.map((block) => blockToHtml(block.split('\n'))).join('');
}

function blockToHtml(lines: string[]): string {
  const html: string[] = [];
  for (const { kind, lines: own } of groupByKind(lines)) {
    const items = own.map((line) => `<li>${inlineToHtml(line.replace(BULLET, ''))}</li>`).join('');
    if (kind === 'ul' || kind === 'ol') html.push(`<${kind}>${items}</${kind}>`);
    else if (kind === 'heading') html.push(...own.map(headingToHtml));
    else html.push(`<p>${own.map(inlineToHtml).join('<br>')}</p>`);
  }
  return html.join('');
}

const BULLET = /^\s*(?:[-*+]|\d+\.)\s+/;

type Kind = 'ul' | 'ol' | 'heading' | 'text';

function kindOf(line: string): Kind {
  if (/^\s*[-*+]\s+/.test(line)) return 'ul';
  if (/^\s*\d+\.\s+/.test(line)) return 'ol';
  return /^#{1,6}\s+/.test(line) ? 'heading' : 'text';
}

/** Neighbours of one kind belong together. */
function groupByKind(lines: string[]): { kind: Kind; lines: string[] }[] {
  const groups: { kind: Kind; lines: string[] }[] = [];
  for (const line of lines) {
    const kind = kindOf(line);
    const last = groups.at(-1);
    if (last?.kind === kind) last.lines.push(line);
    else groups.push({ kind, lines: [line] });
  }
  return groups;
}

function headingToHtml(line: string): string {
  const level = /^#+/.exec(line)?.[0].length ?? 1;
  return `<h${level}>${inlineToHtml(line.replace(/^#+\s+/, ''))}</h${level}>`;
}

function inlineToHtml(text: string): string {
  return escapeHtml(text)
    .replaceAll(/`([^`]+)`/g, '<code>$1</code>')
    .replaceAll(/\[([^[\]]+)\]\((https?:[^\s)]+)\)/g, '<a href="$2">$1</a>')
    .replaceAll(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')
    .replaceAll(/(?<![\w*])[*_]([^*_]+)[*_](?![\w*])/g, '<em>$1</em>');
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * As channels show it that have no rich text: a line for each block, and links with their address. No pattern
 * looks for the end of one tag behind the beginning of the next: of many that never end it would take for ever.
 */
export function htmlToText(html: string): string {
  return html
    .replaceAll(/(?<!\s)\s*\n\s*/g, ' ')
    .replaceAll(
      /<a\b[^<>]*\bhref="([^"<>]*)"[^<>]*>(.*?)<\/a>/gi,
      (_link, href: string, label: string) => (label === href ? href : `${label} (${href})`),
    )
    .replaceAll(/<li\b[^<>]*>/gi, '• ')
    .replaceAll(/<br\s*\/?>|<\/(?:p|div|li|h[1-6]|ul|ol|blockquote)>/gi, '\n')
    .replaceAll(/<[^<>]*>/g, '')
    .replaceAll(/&(amp|lt|gt|quot|#39);/g, (_entity, name: string) => ENTITIES[name] ?? '')
    .replaceAll(/(?<![ \t])[ \t]*\n[ \t]*/g, '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}
