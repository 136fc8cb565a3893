/** A VM's snapshots. Keys: ['vm', id, 'snapshots'], so that the events of the VM make them old. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Schemas } from '../../client/client.ts';
import { answer } from './api.ts';
import { useApi } from './api-context.tsx';
import { readAll, tokenQuery } from './pages.ts';

export type Snapshot = Schemas['Snapshot'];

const PAGE = 200;
const MOST = 1_000;

/** Newest first. */
export function useSnapshots(vmId: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['vm', vmId, 'snapshots'],
    queryFn: async () => {
      const { items } = await readAll((pageToken) => {
        const query = { limit: PAGE, ...tokenQuery(pageToken) };
        return answer(api.GET('/v1/vms/{vmId}/snapshots', { params: { path: { vmId }, query } }));
      }, MOST);
      return items.toReversed();
    },
  });
}

export function useTakeSnapshot(vmId: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ name, idempotencyKey }: { name: string; idempotencyKey: string }) =>
      answer(
        api.POST('/v1/vms/{vmId}/snapshots', {
          params: { path: { vmId } },
          body: name === '' ? {} : { name },
          headers: { 'idempotency-key': idempotencyKey },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: ['vm', vmId] }),
  });
}

export function useDeleteSnapshot(vmId: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (snapshotId: string) =>
      answer(api.DELETE('/v1/vms/{vmId}/snapshots/{snapshotId}', { params: { path: { vmId, snapshotId } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ['vm', vmId, 'snapshots'] }),
  });
}

/** A VM that goes on where the snapshot stopped. It gets its own NICs' addresses. */
export function useVmFromSnapshot() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({
      idempotencyKey,
      ...body
    }: { name: string; snapshotId: string; powerState: 'running' | 'stopped' } & {
      idempotencyKey: string;
    }) => answer(api.POST('/v1/vms', { body, headers: { 'idempotency-key': idempotencyKey } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['vms'] }),
  });
}
