/**
 * VMs as the server finds them: a page at a time while one scrolls, those on the screen always as they are now.
 *
 * Which VMs are in the list is read again every while, and only while that is little; what the VMs on the screen are is
 * read again at every event (live.tsx), by their ids.
 */
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { answer } from './api.ts';
import { useApi } from './api-context.tsx';
import type { Phase, PsciVersion, Vm } from './types.ts';

export const PHASES = [
  'pending',
  'starting',
  'running',
  'paused',
  'stopping',
  'stopped',
  'hibernating',
  'hibernated',
  'migrating',
  'failed',
  'unknown',
] as const satisfies readonly Phase[];

export const PSCI_VERSIONS = [
  '0.1',
  '0.2',
  '1.0',
  '1.1',
  '1.2',
  '1.3',
] as const satisfies readonly PsciVersion[];

const PAGE = 100;
const SUGGESTIONS = 12;
const FEW_PAGES = 3;
const LIST_MS = 15_000;
/** As many ids as the API takes. */
const MOST_IDS = 200;
/** Milliseconds for which the same rows must be on the screen before they are asked for. */
const STILL_MS = 200;

export interface VmFilter {
  search?: string | undefined;
  phase?: Phase | undefined;
  hostId?: string | undefined;
  psciVersion?: PsciVersion | undefined;
  /** Of the VM's host, `6.12`; `none`: on no host. */
  kernel?: string | undefined;
}

export interface VmList {
  vms: readonly Vm[];
  error: Error | null;
  loading: boolean;
  /** Whether `vms` is all there is. */
  complete: boolean;
  loadMore: () => void;
}

export function useVmList(filter: VmFilter): VmList {
  const api = useApi();
  const given = useMemo(() => without(filter), [filter]);
  const read = useInfiniteQuery({
    queryKey: ['vm-list', given],
    queryFn: ({ pageParam }) => {
      const query = { limit: PAGE, ...given, ...(pageParam === null ? {} : { pageToken: pageParam }) };
      return answer(api.GET('/v1/vms', { params: { query } }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextPageToken }) => nextPageToken,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (isLittle(state.data?.pages.length) ? LIST_MS : false),
    refetchOnMount: ({ state }) => isLittle(state.data?.pages.length),
    refetchOnWindowFocus: ({ state }) => isLittle(state.data?.pages.length),
  });
  const vms = useMemo(() => read.data?.pages.flatMap(({ items }) => items) ?? [], [read.data]);
  const { hasNextPage, isFetching, fetchNextPage } = read;
  return {
    vms,
    error: read.error,
    loading: read.isPending,
    complete: read.data !== undefined && !hasNextPage,
    loadMore: () => {
      if (hasNextPage && !isFetching) void fetchNextPage();
    },
  };
}

function isLittle(pages = 0): boolean {
  return pages <= FEW_PAGES;
}

/** The first VMs that match what is typed; `settled`: and not what was typed before. */
export function useVmSuggestions(text: string): { vms: readonly Vm[]; settled: boolean } {
  const api = useApi();
  const search = text.trim();
  const { data, isPlaceholderData } = useQuery({
    queryKey: ['vm-list', 'suggestions', search],
    queryFn: async () => {
      const query = { search, limit: SUGGESTIONS };
      return (await answer(api.GET('/v1/vms', { params: { query } }))).items;
    },
    enabled: search !== '',
    placeholderData: keepPreviousData,
  });
  if (search === '' || data === undefined) return { vms: [], settled: false };
  return { vms: data, settled: !isPlaceholderData };
}

export interface VmsNow {
  readonly vms: ReadonlyMap<string, Vm>;
  /** Those that were asked for and are not there any more. */
  readonly gone: ReadonlySet<string>;
}

const NOTHING_KNOWN: VmsNow = { vms: new Map(), gone: new Set() };

/** Those VMs as they are now. */
export function useVmsNow(ids: readonly string[]): VmsNow {
  const api = useApi();
  const asked = useStill(ids).slice(0, MOST_IDS);
  const { data } = useQuery({
    queryKey: ['vms', 'shown', asked],
    queryFn: async () => {
      const query = { id: asked, limit: MOST_IDS };
      const { items } = await answer(api.GET('/v1/vms', { params: { query } }));
      const vms = new Map(items.map((vm) => [vm.id, vm]));
      return { vms, gone: new Set(asked.filter((id) => !vms.has(id))) };
    },
    enabled: asked.length > 0,
    gcTime: 0,
    refetchInterval: LIST_MS,
    placeholderData: keepPreviousData,
  });
  return data ?? NOTHING_KNOWN;
}

/** The ids, once they stay the same for a moment: nobody reads what scrolls by. */
function useStill(ids: readonly string[]): readonly string[] {
  const [still, setStill] = useState<readonly string[]>([]);
  const key = ids.join();
  useEffect(() => {
    const timer = setTimeout(() => setStill(key === '' ? [] : key.split(',')), STILL_MS);
    return () => clearTimeout(timer);
  }, [key]);
  return still;
}

/** The API takes no empty filters. */
function without(filter: VmFilter) {
  const { search, phase, hostId, psciVersion, kernel } = filter;
  return {
    ...(search === undefined || search === '' ? {} : { search }),
    ...(phase === undefined ? {} : { phase }),
    ...(hostId === undefined ? {} : { hostId }),
    ...(psciVersion === undefined ? {} : { psciVersion }),
    ...(kernel === undefined ? {} : { kernel }),
  };
}
