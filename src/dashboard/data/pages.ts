/** Lists of the API that come in pages. */
import { type QueryKey, useInfiniteQuery } from '@tanstack/react-query';

export interface PageOf<T> {
  readonly items: readonly T[];
  readonly nextPageToken: string | null;
}

/** For the query of a request: nothing on the first page. */
export function tokenQuery(pageToken: string | null): { pageToken?: string } {
  return pageToken === null ? {} : { pageToken };
}

/** Every item, page by page, up to `most`. */
export async function readAll<T>(
  read: (pageToken: string | null) => Promise<PageOf<T>>,
  most: number,
): Promise<{ items: readonly T[]; cut: boolean }> {
  const items: T[] = [];
  let pageToken: string | null = null;
  do {
    const page: PageOf<T> = await read(pageToken);
    items.push(...page.items);
    pageToken = page.nextPageToken;
  } while (pageToken !== null && items.length < most);
  return { items, cut: pageToken !== null };
}

/** A list that is read as far as somebody looked. */
export interface PagedList<T> {
  /** Undefined until the first page is there. */
  readonly items: readonly T[] | undefined;
  readonly error: Error | null;
  readonly hasMore: boolean;
  readonly loadingMore: boolean;
  loadMore(): void;
}

export function usePagedList<T>(
  queryKey: QueryKey,
  read: (pageToken: string | null) => Promise<PageOf<T>>,
  { refetchInterval, enabled = true }: { refetchInterval: number; enabled?: boolean },
): PagedList<T> {
  const query = useInfiniteQuery({
    queryKey,
    enabled,
    queryFn: ({ pageParam }) => read(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextPageToken }) => nextPageToken,
    refetchInterval,
  });
  return {
    items: query.data?.pages.flatMap(({ items }) => items),
    error: query.error,
    hasMore: query.hasNextPage,
    loadingMore: query.isFetchingNextPage,
    loadMore: () => void query.fetchNextPage(),
  };
}
