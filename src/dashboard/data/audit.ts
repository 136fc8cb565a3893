/** The audit, newest first: as far as one scrolled, or wholly for an export. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { type Api, answer } from './api.ts';
import { useApi } from './api-context.tsx';
import { MOST_EXPORTED } from './export.ts';
import { readAll, tokenQuery } from './pages.ts';

export const AUDIT_METHODS = ['POST', 'PUT', 'PATCH', 'DELETE'] as const;
export const AUDIT_OUTCOMES = ['succeeded', 'refused', 'unknown'] as const;

export interface AuditFilter {
  /** Part of the actor's name, or its id. */
  actor?: string | undefined;
  method?: (typeof AUDIT_METHODS)[number] | undefined;
  outcome?: (typeof AUDIT_OUTCOMES)[number] | undefined;
  /** Of what was changed. */
  resourceId?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
}

const PAGE = 100;
/** As many as the API gives at once. */
const LARGEST_PAGE = 200;
const AUDIT_MS = 15_000;
const FEW_PAGES = 3;

export function useAudit(filter: AuditFilter) {
  const api = useApi();
  const given = without(filter);
  const read = useInfiniteQuery({
    queryKey: ['audit', given],
    queryFn: ({ pageParam }) => {
      const query = { limit: PAGE, ...given, ...tokenQuery(pageParam) };
      return answer(api.GET('/v1/audit', { params: { query } }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextPageToken }) => nextPageToken,
    placeholderData: keepPreviousData,
    // No event tells of a change of what events are not about, such as tokens.
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) <= FEW_PAGES ? AUDIT_MS : false),
  });
  const { hasNextPage, isFetching, fetchNextPage } = read;
  return {
    entries: read.data?.pages.flatMap(({ items }) => items) ?? [],
    error: read.error,
    loading: read.isPending,
    complete: !hasNextPage,
    loadMore: () => {
      if (hasNextPage && !isFetching) void fetchNextPage();
    },
  };
}

export function readAudit(api: Api, filter: AuditFilter, progress: (count: number) => void) {
  let count = 0;
  return readAll(async (pageToken) => {
    const query = { limit: LARGEST_PAGE, ...without(filter), ...tokenQuery(pageToken) };
    const page = await answer(api.GET('/v1/audit', { params: { query } }));
    count += page.items.length;
    progress(count);
    return page;
  }, MOST_EXPORTED);
}

/** The API takes no empty filters. */
function without({ actor, method, outcome, resourceId, since, until }: AuditFilter) {
  return {
    ...(actor === undefined ? {} : { actor }),
    ...(method === undefined ? {} : { method }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(resourceId === undefined ? {} : { resourceId }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  };
}
