import type { Page } from './read-pages.ts';

const FENCED = /^```[\s\S]*?^```$/gm;
const LINK = /!?\[[^\]]*\]\(([^)\s]+)\)/g;
const HEADING = /^#{1,6} (.+)$/gm;

/** The text without its code blocks, so that nothing in them is taken for a link or a heading. */
const proseOf = ({ text }: Page): string => text.replace(FENCED, '');

/** Where the page's links and pictures lead, except to other sites. */
export function findLinks(page: Page): string[] {
  return [...proseOf(page).matchAll(LINK)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** The anchors of a page's headings, as code hosts make them. */
export function findAnchors(page: Page): string[] {
  return [...proseOf(page).matchAll(HEADING)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
}
