/**
 * The event log, newest first, as one list: what was there when it was opened, older pages on demand, and new events as
 * they come.
 */
import { type InfiniteData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { type EventFilter, merge, passes } from '../model/event-log.ts';
import { answer } from './api.ts';
import { useApi } from './api-context.tsx';
import { useLive } from './live.tsx';
import type { EventInitiator, EventKind, FleetEvent } from './types.ts';

export const EVENT_KINDS = [
  'started',
  'poweroff',
  'hibernate',
  'reset',
  'suspend',
  'crash',
  'killed',
  'paused',
  'resumed',
  'saved',
  'restored',
  'migrated',
  'lost',
] as const satisfies readonly EventKind[];

export const INITIATORS = [
  'guest',
  'operator',
  'policy',
  'host',
  'unknown',
] as const satisfies readonly EventInitiator[];

/** The most events that are kept because they came while the page was open; older ones are asked for again. */
const MOST_LIVE = 500;

export interface EventQuery extends EventFilter {
  /** So many at first, and so many more for each step back. */
  limit: number;
}

export interface Events {
  /** Newest first, without a gap. */
  events: readonly FleetEvent[];
  error: Error | null;
  loading: boolean;
  hasOlder: boolean;
  loadOlder: () => void;
  loadingOlder: boolean;
}

interface Page {
  items: readonly FleetEvent[];
  /** Where older events begin: a page token, or the cursor of the event they come behind. Null: there are none. */
  older: string | null;
}
type Pages = InfiniteData<Page, string | null>;

const NONE: readonly FleetEvent[] = [];

export function useEvents({ limit, kind, initiator, vmId, hostId, since, until }: EventQuery): Events {
  const api = useApi();
  const { subscribe } = useLive();
  const queries = useQueryClient();
  const filter = useMemo<EventFilter>(
    () => ({ kind, initiator, vmId, hostId, since, until }),
    [kind, initiator, vmId, hostId, since, until],
  );
  const queryKey = useMemo(() => ['events', filter, limit], [filter, limit]);
  const [live, setLive] = useState({ filter, events: NONE });

  const read = useInfiniteQuery({
    queryKey,
    queryFn: async ({ pageParam: pageToken }): Promise<Page> => {
      const query = {
        order: 'desc' as const,
        limit,
        ...given(filter),
        ...(pageToken === null ? {} : { pageToken }),
      };
      const { items, nextPageToken } = await answer(api.GET('/v1/events', { params: { query } }));
      return { items, older: nextPageToken };
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ older }) => older,
  });

  // Kept apart from what was read: an answer that was under way when an event came does not know of it.
  useEffect(() => {
    let events = NONE;
    return subscribe((batch) => {
      const news = batch.filter((event) => passes(event, filter));
      if (news.length === 0) return;
      events = merge(news, events);
      const oldest = events[MOST_LIVE / 2 - 1];
      if (events.length > MOST_LIVE && oldest !== undefined) {
        events = events.slice(0, MOST_LIVE / 2);
        // The list goes on where it was cut, when it is asked to.
        void queries.cancelQueries({ queryKey });
        queries.setQueryData<Pages>(queryKey, {
          pages: [{ items: [], older: oldest.cursor }],
          pageParams: [oldest.cursor],
        });
      }
      setLive({ filter, events });
    });
  }, [subscribe, queries, queryKey, filter]);

  const arrived = live.filter === filter ? live.events : NONE;
  const events = useMemo(
    () => merge(arrived, read.data?.pages.flatMap(({ items }) => items) ?? NONE),
    [arrived, read.data],
  );
  return {
    events,
    error: read.error,
    loading: read.isPending,
    hasOlder: read.hasNextPage,
    loadOlder: () => {
      // Asked again while it is under way, it would begin anew.
      if (read.hasNextPage && !read.isFetchingNextPage) void read.fetchNextPage();
    },
    loadingOlder: read.isFetchingNextPage,
  };
}

/** One event, for a link to it. */
export function useEvent(eventId: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['event', eventId],
    queryFn: () => answer(api.GET('/v1/events/{eventId}', { params: { path: { eventId } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Only what is asked for: the API takes no empty filters. */
export function given({ kind, initiator, vmId, hostId, since, until }: EventFilter) {
  return {
    ...(kind === undefined ? {} : { kind }),
    ...(initiator === undefined ? {} : { initiator }),
    ...(vmId === undefined ? {} : { vmId }),
    ...(hostId === undefined ? {} : { hostId }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  };
}
