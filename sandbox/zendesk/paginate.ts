import { ApiError } from '../platform/api-error.ts';

interface PageQuery {
  before: string | undefined;
  after: string | undefined;
  size: number;
}

interface PageOptions {
  query: PageQuery;
  /** Which end comes without a cursor. */
  start: 'oldest' | 'newest';
  /** The address of the list, for the links to the next and previous page. */
  url: string;
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
export function paginate<T extends { id: string }>(items: T[], { query, start, url }: PageOptions) {
  const { before, after, size } = query;
  const backwards = before !== undefined || (after === undefined && start === 'newest');
  const cursor = before ?? after;
  const at = cursor === undefined ? undefined : items.findIndex((item) => item.id === cursor);
  if (at === -1) throw invalidPage();
  const from = backwards ? Math.max(0, (at ?? items.length) - size) : (at ?? -1) + 1;
  const to = backwards ? (at ?? items.length) : Math.min(items.length, from + size);
  const page = items.slice(from, to);
  const beforeCursor = from > 0 ? page[0]?.id : undefined;
  const afterCursor = to < items.length ? page.at(-1)?.id : undefined;
  return {
    page,
    meta: {
      hasMore: backwards ? from > 0 : to < items.length,
      ...(beforeCursor && { beforeCursor }),
      ...(afterCursor && { afterCursor }),
    },
    links: {
      ...(beforeCursor && { prev: `${url}?page[before]=${beforeCursor}` }),
      ...(afterCursor && { next: `${url}?page[after]=${afterCursor}` }),
    },
  };
}

function readCursor(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value.length === 24) return value;
  throw invalidPage();
}

function invalidPage() {
  return new ApiError(400, 'bad_request', 'Invalid page query parameters');
}
