import { ApiError } from '../refused.ts';

interface PageQuery {
  before: string | undefined;
  after: string | undefined;
  size: number;
}

interface PageOptions {
  query: PageQuery;
  /** Which end comes without a cursor. */
  start: 'oldest' | 'newest';
  /** The address of this page. */
  url: URL;
}

/** Reads `page[before]`, `page[after]` and `page[size]`; throws 400 when they make no sense. */
export function readPageQuery(query: Record<string, unknown>, fixedSize?: number): PageQuery {
  const before = readCursor(query['page[before]']);
  const after = readCursor(query['page[after]']);
  const size = Number(query['page[size]'] ?? 25);
  const sizeIsFine = Number.isInteger(size) && size >= 1 && size <= 100;
  if (!sizeIsFine || (before !== undefined && after !== undefined)) throw invalidPage();
  return { before, after, size: fixedSize ?? size };
}

/** One page of a list that is ordered oldest first. `hasMore` speaks of the direction of travel. */
export function paginate<T extends { id: string }>(all: T[], { query, start, url }: PageOptions) {
  const { before, after, size } = query;
  const backwards = before !== undefined || (after === undefined && start === 'newest');
  const cursor = before ?? after;
  const at = cursor === undefined ? undefined : all.findIndex((item) => item.id === cursor);
  if (at === -1) throw invalidPage();
  const from = backwards ? Math.max(0, (at ?? all.length) - size) : (at ?? -1) + 1;
  const to = backwards ? (at ?? all.length) : Math.min(all.length, from + size);
  const items = all.slice(from, to);
  const beforeCursor = from > 0 ? items[0]?.id : undefined;
  const afterCursor = to < all.length ? items.at(-1)?.id : undefined;
  return {
    items,
    meta: {
      hasMore: backwards ? from > 0 : to < all.length,
      ...(beforeCursor && { beforeCursor }),
      ...(afterCursor && { afterCursor }),
    },
    links: {
      ...(beforeCursor && { prev: linkTo(url, 'page[before]', beforeCursor) }),
      ...(afterCursor && { next: linkTo(url, 'page[after]', afterCursor) }),
    },
  };
}

/** The same list from the cursor on. */
function linkTo(url: URL, parameter: string, cursor: string): string {
  const link = new URL(url);
  link.searchParams.delete('page[before]');
  link.searchParams.delete('page[after]');
  link.searchParams.set(parameter, cursor);
  return link.href;
}

function readCursor(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value.length === 24) return value;
  throw invalidPage();
}

function invalidPage() {
  return new ApiError(400, 'bad_request', 'Invalid page query parameters');
}
