/** What the pages about preflights and drift ask the API for. Keys: ['preflights', …], ['vms', 'drift', …]. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer } from './api.ts';
import { useApi } from './api-context.tsx';
import { type PagedList, tokenQuery, usePagedList } from './pages.ts';
import type { DriftedVm, DriftKind, NewPreflight, PreflightSummary } from './types.ts';

const LIST_MS = 30_000;

/** Newest first. */
export function usePreflights(): PagedList<PreflightSummary> {
  const api = useApi();
  return usePagedList(
    ['preflights', 'list'],
    (pageToken) =>
      answer(api.GET('/v1/preflights', { params: { query: { limit: 20, ...tokenQuery(pageToken) } } })),
    { refetchInterval: LIST_MS },
  );
}

/** An answer never changes. */
export function usePreflight(preflightId: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['preflights', preflightId],
    queryFn: () => answer(api.GET('/v1/preflights/{preflightId}', { params: { path: { preflightId } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useAskPreflight() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (question: NewPreflight) => answer(api.POST('/v1/preflights', { body: question })),
    onSuccess: (preflight) => {
      queries.setQueryData(['preflights', preflight.id], preflight);
      return queries.invalidateQueries({ queryKey: ['preflights', 'list'] });
    },
  });
}

export function useDriftedVms(kind: DriftKind): PagedList<DriftedVm> {
  const api = useApi();
  return usePagedList(
    ['vms', 'drift', kind],
    (pageToken) =>
      answer(
        api.GET('/v1/fleet/drift', { params: { query: { kind, limit: 50, ...tokenQuery(pageToken) } } }),
      ),
    { refetchInterval: LIST_MS },
  );
}
