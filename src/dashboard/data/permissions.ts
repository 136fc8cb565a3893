/** Who is signed in, and what that lets them do. The API decides; this keeps away what it would refuse. */
import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '../../client/client.ts';
import { answer } from './api.ts';
import { useApi } from './api-context.tsx';

export type Whoami = Schemas['Whoami'];
export type Role = Whoami['role'];

/** Each may do what the ones before it may. */
const ROLES = ['viewer', 'operator', 'admin'] as const satisfies readonly Role[];
const REFRESH_MS = 60_000;

export function useWhoami() {
  const api = useApi();
  return useQuery({
    queryKey: ['whoami'],
    queryFn: () => answer(api.GET('/v1/whoami')),
    staleTime: REFRESH_MS,
    refetchInterval: REFRESH_MS,
  });
}

/** Whether the API would let whoever is signed in do what needs `role`; false until that is known. */
export function useCan(role: Role): boolean {
  const { data } = useWhoami();
  return data !== undefined && ROLES.indexOf(data.role) >= ROLES.indexOf(role);
}

/** Whether whoever is signed in reaches VMs with certain labels only: the API then shows nothing of hosts and the fleet. */
export function useIsScoped(): boolean {
  const { data } = useWhoami();
  return data !== undefined && Object.keys(data.scope).length > 0;
}
