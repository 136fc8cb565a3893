/** What the pages about fleet policies ask the API for. Keys: ['policies', …]. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer } from './api.ts';
import { useApi } from './api-context.tsx';
import { type PagedList, readAll, tokenQuery, usePagedList } from './pages.ts';
import type { NewPolicy, Policy, PolicyRevision, Vm } from './types.ts';

const PAGE = 200;
const MOST_POLICIES = 1_000;
const POLICIES_MS = 15_000;
/** VMs of a dry run that are shown. */
const DRY_RUN_ROWS = 25;
const MERGE_PATCH = { 'content-type': 'application/merge-patch+json' } as const;

export function usePolicies() {
  const api = useApi();
  return useQuery({
    queryKey: ['policies', 'list'],
    queryFn: async () =>
      (
        await readAll(
          (pageToken) =>
            answer(
              api.GET('/v1/psci-policies', { params: { query: { limit: PAGE, ...tokenQuery(pageToken) } } }),
            ),
          MOST_POLICIES,
        )
      ).items,
    refetchInterval: POLICIES_MS,
  });
}

export function usePolicy(policyId: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['policies', policyId, 'self'],
    queryFn: () => answer(api.GET('/v1/psci-policies/{policyId}', { params: { path: { policyId } } })),
    refetchInterval: POLICIES_MS,
  });
}

/** Newest first. */
export function usePolicyRevisions(policyId: string): PagedList<PolicyRevision> {
  const api = useApi();
  return usePagedList(
    ['policies', policyId, 'revisions'],
    (pageToken) =>
      answer(
        api.GET('/v1/psci-policies/{policyId}/revisions', {
          params: { path: { policyId }, query: { limit: 20, ...tokenQuery(pageToken) } },
        }),
      ),
    { refetchInterval: POLICIES_MS },
  );
}

/** The VMs with all of these labels. */
export function useSelectedVms(selector: Readonly<Record<string, string>>, limit: number): PagedList<Vm> {
  const api = useApi();
  const label = Object.entries(selector).map(([key, value]) => `${key}:${value}`);
  return usePagedList(
    ['vms', 'selected', label, limit],
    (pageToken) =>
      answer(
        api.GET('/v1/vms', {
          params: { query: { limit, ...(label.length === 0 ? {} : { label }), ...tokenQuery(pageToken) } },
        }),
      ),
    { refetchInterval: POLICIES_MS },
  );
}

/** What would happen if it were so: of a new policy, a changed one (`policyId`), or a deleted one (`content` null). */
export type Proposal =
  | { policyId: null; content: NewPolicy }
  | { policyId: string; content: NewPolicy; before: Policy }
  | { policyId: string; content: null };

/** Null: nothing that could be asked about. */
export function useDryRun(proposal: Proposal | null) {
  const api = useApi();
  return useQuery({
    queryKey: ['policies', 'dry-run', proposal],
    enabled: proposal !== null,
    placeholderData: keepPreviousData,
    queryFn: async () => {
      const query = { dryRun: true, limit: DRY_RUN_ROWS } as const;
      if (proposal === null) throw new Error('a dry run of nothing');
      const said =
        proposal.policyId === null
          ? await answer(api.POST('/v1/psci-policies', { params: { query }, body: proposal.content }))
          : proposal.content === null
            ? await answer(
                api.DELETE('/v1/psci-policies/{policyId}', {
                  params: { path: { policyId: proposal.policyId }, query },
                }),
              )
            : await answer(
                api.PATCH('/v1/psci-policies/{policyId}', {
                  params: { path: { policyId: proposal.policyId }, query },
                  body: patchOf(proposal.before, proposal.content),
                  headers: MERGE_PATCH,
                }),
              );
      if (said === undefined || !('dryRun' in said))
        throw new Error('The API answered something else than a dry run.');
      return said;
    },
  });
}

export function useCreatePolicy() {
  const api = useApi();
  return usePolicyMutation(async (content: NewPolicy) => {
    const made = await answer(api.POST('/v1/psci-policies', { body: content }));
    if (!('id' in made)) throw new Error('The API answered a dry run where a policy was to be made.');
    return made;
  });
}

/** Refused when somebody changed the policy since `before` was read. */
export function useChangePolicy(before: Policy) {
  const api = useApi();
  return usePolicyMutation((content: NewPolicy) =>
    answer(
      api.PATCH('/v1/psci-policies/{policyId}', {
        params: { path: { policyId: before.id } },
        body: patchOf(before, content),
        headers: { ...MERGE_PATCH, 'if-match': `"${before.revision}"` },
      }),
    ),
  );
}

export function useDeletePolicy(before: Pick<Policy, 'id' | 'revision'>) {
  const api = useApi();
  return usePolicyMutation(() =>
    answer(
      api.DELETE('/v1/psci-policies/{policyId}', {
        params: { path: { policyId: before.id } },
        headers: { 'if-match': `"${before.revision}"` },
      }),
    ),
  );
}

function usePolicyMutation<In, Out>(mutationFn: (input: In) => Promise<Out>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn,
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['policies'] }),
        queries.invalidateQueries({ queryKey: ['vms'] }),
      ]),
  });
}

/** A merge patch that also takes away the labels that are gone. */
function patchOf(before: Policy, { selector, ...rest }: NewPolicy) {
  const gone = Object.keys(before.selector).filter((key) => !(key in selector));
  return { ...rest, selector: { ...selector, ...Object.fromEntries(gone.map((key) => [key, null])) } };
}
