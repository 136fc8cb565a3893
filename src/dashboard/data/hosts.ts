/**
 * What the pages about hosts ask the API for. Keys: ['hosts', id, …], so that whatever makes the list of hosts old makes
 * these old too.
 */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Schemas } from '../../client/client.ts';
import { type Api, answer } from './api.ts';
import { useApi } from './api-context.tsx';
import { type PagedList, tokenQuery, usePagedList } from './pages.ts';
import { statusOf } from './problems.ts';
import type { Maintenance, PsciVersion, Vm } from './types.ts';

const PAGE = 50;
const HOST_MS = 5_000;
const VMS_MS = 15_000;
const UNDER_WAY_MS = 1_500;
const SELDOM_MS = 60_000;

export type DrainBody = NonNullable<Parameters<typeof drain>[2]>;

export function useHost(hostId: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['hosts', hostId, 'self'],
    queryFn: () => answer(api.GET('/v1/hosts/{hostId}', { params: { path: { hostId } } })),
    refetchInterval: HOST_MS,
  });
}

/** Null while the host has not told what its KVM answers. */
export function useHostFingerprint(hostId: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['hosts', hostId, 'fingerprint'],
    queryFn: () =>
      orNull(answer(api.GET('/v1/hosts/{hostId}/fingerprint', { params: { path: { hostId } } }))),
    refetchInterval: SELDOM_MS,
  });
}

/** What a guest at `version` would see change from one host to the other, as it was measured. */
export function useHostDiff(version: PsciVersion, fromHostId: string, toHostId: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['psci', 'host-diff', version, fromHostId, toHostId],
    queryFn: () => answer(api.GET('/v1/psci/diff', { params: { query: { version, fromHostId, toHostId } } })),
  });
}

export function useHostVms(hostId: string): PagedList<Vm> {
  const api = useApi();
  return usePagedList(
    ['vms', 'of-host', hostId],
    (pageToken) =>
      answer(api.GET('/v1/vms', { params: { query: { hostId, limit: PAGE, ...tokenQuery(pageToken) } } })),
    { refetchInterval: VMS_MS },
  );
}

/** The newest drain; null when there never was one. */
export function useDrain(hostId: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['hosts', hostId, 'drain'],
    queryFn: () => orNull(answer(api.GET('/v1/hosts/{hostId}/drain', { params: { path: { hostId } } }))),
    refetchInterval: ({ state }) => (isOpen(state.data?.operation) ? UNDER_WAY_MS : VMS_MS),
  });
}

/** The newest maintenance; null when there never was one. */
export function useMaintenance(hostId: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['hosts', hostId, 'maintenance'],
    queryFn: () =>
      orNull(answer(api.GET('/v1/hosts/{hostId}/maintenance', { params: { path: { hostId } } }))),
    refetchInterval: ({ state }) => (isUnderWay(state.data ?? null) ? UNDER_WAY_MS : VMS_MS),
  });
}

export function isUnderWay(maintenance: Maintenance | null): boolean {
  return maintenance !== null && maintenance.finishedAt === null;
}

export function isOpen(operation: Pick<Schemas['Operation'], 'status'> | undefined): boolean {
  return operation?.status === 'pending' || operation?.status === 'running';
}

/** `uncordonForced` also cancels the maintenance that keeps the host cordoned. */
export type HostAction = 'cordon' | 'uncordon' | 'uncordonForced' | 'declareLost';

export function useHostAction(hostId: string) {
  const api = useApi();
  const params = { path: { hostId } };
  return useHostMutation(hostId, (action: HostAction) => {
    switch (action) {
      case 'cordon':
        return answer(api.POST('/v1/hosts/{hostId}/cordon', { params, body: {} }));
      case 'uncordon':
        return answer(api.POST('/v1/hosts/{hostId}/uncordon', { params, body: {} }));
      case 'uncordonForced':
        return answer(
          api.POST('/v1/hosts/{hostId}/uncordon', {
            params: { ...params, query: { force: true } },
            body: {},
          }),
        );
      case 'declareLost':
        return answer(api.POST('/v1/hosts/{hostId}/declare-lost', { params, body: {} }));
    }
  });
}

export function useBeginDrain(hostId: string) {
  const api = useApi();
  return useHostMutation(hostId, (body: DrainBody) => drain(api, hostId, body));
}

export function useCancelDrain(hostId: string) {
  const api = useApi();
  return useHostMutation(hostId, (operationId: string) =>
    answer(api.POST('/v1/operations/{operationId}/cancel', { params: { path: { operationId } }, body: {} })),
  );
}

export interface NewMaintenance {
  body: DrainBody & { target?: Schemas['Preflight']['request']['target'] };
  /** Although VMs could not start with the target. */
  force: boolean;
}

export function useBeginMaintenance(hostId: string) {
  const api = useApi();
  return useHostMutation(hostId, ({ body, force }: NewMaintenance) =>
    answer(
      api.POST('/v1/hosts/{hostId}/maintenance', {
        params: { path: { hostId }, query: force ? { force } : {} },
        body,
      }),
    ),
  );
}

export function useMaintenanceAction(hostId: string) {
  const api = useApi();
  const params = { path: { hostId } };
  return useHostMutation(hostId, (action: 'acknowledge' | 'cancel') =>
    answer(api.POST(`/v1/hosts/{hostId}/maintenance/${action}`, { params, body: {} })),
  );
}

function drain(
  api: Api,
  hostId: string,
  body: { action?: 'stop' | 'hibernate' | 'restart' | 'migrate'; force?: boolean },
) {
  return answer(api.POST('/v1/hosts/{hostId}/drain', { params: { path: { hostId } }, body }));
}

function useHostMutation<In, Out>(hostId: string, mutationFn: (input: In) => Promise<Out>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn,
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['hosts', hostId] }),
        queries.invalidateQueries({ queryKey: ['hosts'], exact: true }),
      ]),
  });
}

/** A 404 as null: there is none yet. */
async function orNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}
