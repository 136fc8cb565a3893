/** Keyset paging: a page token holds the key of the last item, so pages stay right while items come and go. */
import { Refusal } from '../refusals.ts';

export interface PageQuery {
  limit?: number | undefined;
  pageToken?: string | undefined;
}

export interface PageOf<T> {
  items: T[];
  nextPageToken: string | null;
}

export const DEFAULT_LIMIT = 50;
export const LARGEST_LIMIT = 200;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const POSITION = /^\d{1,19}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/**
 * One page of what `find` gives in its order: at most `limit` items after the one whose id is `afterId`.
 * Throws INVALID_PAGE_TOKEN.
 */
export async function pageById<T extends { id: string }>(
  query: PageQuery,
  find: (page: { afterId: string | null; limit: number }) => Promise<T[]>,
): Promise<PageOf<T>> {
  const afterId = decode(query.pageToken, UUID);
  const limit = query.limit ?? DEFAULT_LIMIT;
  const items = await find({ afterId, limit: limit + 1 });
  return cut(items, limit, ({ id }) => id);
}

/** The same for rows that are ordered by a counter, newest first. */
export async function pageByPosition<T extends { position: bigint }>(
  query: PageQuery,
  find: (page: { before: bigint | null; limit: number }) => Promise<T[]>,
): Promise<PageOf<T>> {
  const before = decode(query.pageToken, POSITION);
  const limit = query.limit ?? DEFAULT_LIMIT;
  const items = await find({ before: before === null ? null : BigInt(before), limit: limit + 1 });
  return cut(items, limit, ({ position }) => String(position));
}

/** The same for rows that are ordered by a digest. */
export async function pageByDigest<T extends { digest: string }>(
  query: PageQuery,
  find: (page: { after: string | null; limit: number }) => Promise<T[]>,
): Promise<PageOf<T>> {
  const after = decode(query.pageToken, DIGEST);
  const limit = query.limit ?? DEFAULT_LIMIT;
  const items = await find({ after, limit: limit + 1 });
  return cut(items, limit, ({ digest }) => digest);
}

/** `items` has one more than the page when there is a next one. */
function cut<T>(items: T[], limit: number, key: (item: T) => string): PageOf<T> {
  const page = items.slice(0, limit);
  const last = page.at(-1);
  const nextPageToken =
    items.length > limit && last !== undefined ? Buffer.from(key(last)).toString('base64url') : null;
  return { items: page, nextPageToken };
}

function decode(pageToken: string | undefined, shape: RegExp): string | null {
  if (pageToken === undefined) return null;
  const text = Buffer.from(pageToken, 'base64url').toString('latin1');
  if (!shape.test(text)) {
    throw new Refusal(
      'INVALID_PAGE_TOKEN',
      'Take `nextPageToken` of the page before as it is, or leave it out.',
    );
  }
  return text;
}
