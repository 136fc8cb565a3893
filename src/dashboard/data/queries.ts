/**
 * What the page asks the API for, and when it asks again: at events (see live.tsx), on these intervals for what no
 * event tells (leases, requests that are under way), and after every change made here.
 *
 * Keys: ['vms', …], ['vm', id, …], ['hosts'], ['images'], ['psci', …], ['events', …].
 */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { VmAction } from '../model/vm-actions.ts';
import { type Api, answer } from './api.ts';
import { useApi } from './api-context.tsx';
import { readAll, tokenQuery } from './pages.ts';
import type { NewVm, Phase, PsciVersion, VmPatch } from './types.ts';

const PAGE = 200;
/** With more hosts, the page shows these. */
const MOST_HOSTS = 5_000;
const HOSTS_MS = 5_000;
const VMS_MS = 15_000;
/** The newest ones of a VM. */
const MOST_OPERATIONS = 50;
const UNDER_WAY_MS = 1_500;

const PASSING: readonly Phase[] = ['pending', 'starting', 'stopping', 'hibernating', 'migrating'];

/** Counts over everything, however large the fleet is. */
export function useFleetSummary() {
  const api = useApi();
  return useQuery({
    queryKey: ['vms', 'summary'],
    queryFn: () => answer(api.GET('/v1/fleet/summary')),
    refetchInterval: HOSTS_MS,
  });
}

export function useHosts() {
  const api = useApi();
  return useQuery({
    queryKey: ['hosts'],
    queryFn: async () =>
      (
        await readAll(
          (pageToken) =>
            answer(api.GET('/v1/hosts', { params: { query: { limit: PAGE, ...tokenQuery(pageToken) } } })),
          MOST_HOSTS,
        )
      ).items,
    // Several pages are read seldom.
    refetchInterval: ({ state }) => ((state.data?.length ?? 0) > PAGE ? VMS_MS : HOSTS_MS),
  });
}

export function useImages() {
  const api = useApi();
  return useQuery({
    queryKey: ['images'],
    queryFn: async () => (await answer(api.GET('/v1/images', { params: { query: { limit: PAGE } } }))).items,
  });
}

export function usePsciVersions() {
  const api = useApi();
  return useQuery({
    queryKey: ['psci', 'versions'],
    queryFn: async () => (await answer(api.GET('/v1/psci/versions'))).items,
  });
}

export function usePsciDiff(from: PsciVersion, to: PsciVersion) {
  const api = useApi();
  return useQuery({
    queryKey: ['psci', 'diff', from, to],
    queryFn: () => answer(api.GET('/v1/psci/diff', { params: { query: { from, to } } })),
  });
}

export function useVm(vmId: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['vm', vmId, 'self'],
    queryFn: () => answer(api.GET('/v1/vms/{vmId}', { params: { path: { vmId } } })),
    refetchInterval: ({ state }) =>
      state.data !== undefined && PASSING.includes(state.data.phase) ? UNDER_WAY_MS : VMS_MS,
  });
}

/** Why the VM's pin is what it is. */
export function useVmPsci(vmId: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['vm', vmId, 'psci'],
    queryFn: () => answer(api.GET('/v1/vms/{vmId}/psci', { params: { path: { vmId } } })),
  });
}

export function useOperations(vmId: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['vm', vmId, 'operations'],
    queryFn: async () =>
      (await answer(api.GET('/v1/operations', { params: { query: { vmId, limit: MOST_OPERATIONS } } })))
        .items,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.some(({ status }) => status === 'pending' || status === 'running') ? UNDER_WAY_MS : VMS_MS,
  });
}

export function useCreateVm() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ vm, idempotencyKey }: { vm: NewVm; idempotencyKey: string }) =>
      answer(api.POST('/v1/vms', { body: vm, headers: { 'idempotency-key': idempotencyKey } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['vms'] }),
  });
}

export function usePatchVm(vmId: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ patch, force }: { patch: VmPatch; force: boolean }) =>
      answer(
        api.PATCH('/v1/vms/{vmId}', {
          params: { path: { vmId }, query: force ? { force } : {} },
          body: patch,
          headers: { 'content-type': 'application/merge-patch+json' },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['vm', vmId] }),
  });
}

export interface ActionBody {
  timeoutSeconds?: number;
  force?: boolean;
  /** Of a `migrate`; absent: placement chooses. */
  hostId?: string;
}

export function useVmAction(vmId: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ action, body }: { action: VmAction; body: ActionBody }) => act(api, vmId, action, body),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['vm', vmId] }),
        queries.invalidateQueries({ queryKey: ['vms'] }),
      ]),
  });
}

function act(api: Api, vmId: string, action: VmAction, body: ActionBody) {
  const params = { path: { vmId } };
  switch (action) {
    case 'delete':
      return answer(api.DELETE('/v1/vms/{vmId}', { params }));
    case 'stop':
      return answer(api.POST('/v1/vms/{vmId}/stop', { params, body }));
    case 'migrate':
      return answer(api.POST('/v1/vms/{vmId}/migrate', { params, body }));
    case 'start':
    case 'hibernate':
    case 'pause':
    case 'resume':
    case 'reset':
    case 'kill':
      return answer(api.POST(`/v1/vms/{vmId}/${action}`, { params, body: {} }));
  }
}

/** Takes back an operation that its host has not been told of. */
export function useCancelOperation(vmId: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (operationId: string) =>
      answer(
        api.POST('/v1/operations/{operationId}/cancel', { params: { path: { operationId } }, body: {} }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: ['vm', vmId] }),
  });
}

export function useNewEnrolmentToken() {
  const api = useApi();
  return useMutation({ mutationFn: () => answer(api.POST('/v1/enrolment-tokens', { body: {} })) });
}
