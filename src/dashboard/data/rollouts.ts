/** What the pages about rollouts ask the API for. Keys: ['rollouts', …]. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { answer } from './api.ts';
import { useApi } from './api-context.tsx';
import { type PagedList, tokenQuery, usePagedList } from './pages.ts';
import type { NewRollout, Rollout, RolloutEvent, RolloutVm, RolloutVmState } from './types.ts';

const PAGE = 50;
const UNDER_WAY_MS = 2_000;
const QUIET_MS = 15_000;

/** Whether it still does something by itself. */
export function isMoving({ status }: Pick<Rollout, 'status'>): boolean {
  return status === 'running' || status === 'rollingBack';
}

/** Newest first. */
export function useRollouts(): PagedList<Rollout> {
  const api = useApi();
  return usePagedList(
    ['rollouts', 'list'],
    (pageToken) =>
      answer(api.GET('/v1/rollouts', { params: { query: { limit: 20, ...tokenQuery(pageToken) } } })),
    { refetchInterval: 5_000 },
  );
}

export function useRollout(rolloutId: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['rollouts', rolloutId, 'self'],
    queryFn: () => answer(api.GET('/v1/rollouts/{rolloutId}', { params: { path: { rolloutId } } })),
    refetchInterval: ({ state }) =>
      state.data !== undefined && isMoving(state.data) ? UNDER_WAY_MS : QUIET_MS,
  });
}

/** Reads the VMs and the log anew once its status has changed: what ended it is in both, and they are asked seldom then. */
export function useReadAnew({ id, status }: Pick<Rollout, 'id' | 'status'>): void {
  const queries = useQueryClient();
  useEffect(() => {
    for (const part of ['vms', 'events'])
      void queries.invalidateQueries({ queryKey: ['rollouts', id, part] });
  }, [queries, id, status]);
}

/** `state` null: all of them. */
export function useRolloutVms(
  { id, status }: Pick<Rollout, 'id' | 'status'>,
  state: RolloutVmState | null,
): PagedList<RolloutVm> {
  const api = useApi();
  return usePagedList(
    ['rollouts', id, 'vms', state],
    (pageToken) =>
      answer(
        api.GET('/v1/rollouts/{rolloutId}/vms', {
          params: {
            path: { rolloutId: id },
            query: { limit: PAGE, ...(state === null ? {} : { state }), ...tokenQuery(pageToken) },
          },
        }),
      ),
    { refetchInterval: isMoving({ status }) ? UNDER_WAY_MS : QUIET_MS },
  );
}

/** What it has done, newest first. */
export function useRolloutEvents({ id, status }: Pick<Rollout, 'id' | 'status'>): PagedList<RolloutEvent> {
  const api = useApi();
  return usePagedList(
    ['rollouts', id, 'events'],
    (pageToken) =>
      answer(
        api.GET('/v1/rollouts/{rolloutId}/events', {
          params: { path: { rolloutId: id }, query: { limit: 30, ...tokenQuery(pageToken) } },
        }),
      ),
    { refetchInterval: isMoving({ status }) ? UNDER_WAY_MS : QUIET_MS },
  );
}

export function useCreateRollout() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ rollout, idempotencyKey }: { rollout: NewRollout; idempotencyKey: string }) =>
      answer(api.POST('/v1/rollouts', { body: rollout, headers: { 'idempotency-key': idempotencyKey } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['rollouts'] }),
  });
}

export type RolloutAction = 'pause' | 'resume' | 'rollback';

export function useRolloutAction(rolloutId: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (action: RolloutAction) =>
      answer(api.POST(`/v1/rollouts/{rolloutId}/${action}`, { params: { path: { rolloutId } }, body: {} })),
    onSettled: () => queries.invalidateQueries({ queryKey: ['rollouts'] }),
  });
}
