/**
 * Keeps the page true to the fleet: one event stream for the whole page. Each event tells which of the answers at hand
 * are old, and they are asked for again; whoever shows events gets them as they come.
 *
 * Phases, pins and operations are always read from the API, never worked out from events here.
 */
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { EVENT_STREAM_URL } from './api.ts';
import { EventStream, type StreamState } from './event-stream.ts';
import { useSession } from './session.tsx';
import type { FleetEvent } from './types.ts';

type Listener = (batch: readonly FleetEvent[]) => void;

interface Live {
  readonly state: StreamState;
  /** Returns what ends the subscription. */
  subscribe(listener: Listener): () => void;
}

const LiveContext = createContext<Live | null>(null);

/** Milliseconds between two rounds of asking again, and the same while many events come. */
const REFRESH_MS = 1_000;
const BURST_REFRESH_MS = 4_000;
/** So many VMs touched between two rounds are a burst. */
const BURST_VMS = 50;

export function LiveProvider({ token, children }: { token: string; children: ReactNode }) {
  const { refused } = useSession();
  const queries = useQueryClient();
  const [state, setState] = useState<StreamState>('connecting');
  const listeners = useRef(new Set<Listener>());
  const stream = useRef<EventStream>(null);
  const first = useRef(token);

  useEffect(() => {
    const refresher = new Refresher(queries);
    const opened = new EventStream(EVENT_STREAM_URL, first.current, {
      state(next) {
        setState(next);
        // What happened while the stream was away was told to nobody.
        if (next === 'live') void queries.invalidateQueries();
      },
      events(batch) {
        refresher.touch(batch);
        for (const listener of listeners.current) listener(batch);
      },
      unauthorized: refused,
    });
    stream.current = opened;
    opened.start();
    return () => {
      opened.close();
      refresher.close();
    };
  }, [queries, refused]);
  useEffect(() => stream.current?.setToken(token), [token]);

  const live = useMemo<Live>(
    () => ({
      state,
      subscribe(listener) {
        listeners.current.add(listener);
        return () => listeners.current.delete(listener);
      },
    }),
    [state],
  );
  return <LiveContext value={live}>{children}</LiveContext>;
}

export function useLive(): Live {
  const live = useContext(LiveContext);
  if (live === null) throw new Error('useLive outside LiveProvider');
  return live;
}

/** Asks again for what events made old: the first at once, then at most once per `REFRESH_MS`. */
class Refresher {
  readonly #queries: QueryClient;
  readonly #touched = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(queries: QueryClient) {
    this.#queries = queries;
  }

  touch(events: readonly FleetEvent[]): void {
    for (const { vmId } of events) this.#touched.add(vmId);
    if (this.#timer === undefined) this.#refresh();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #refresh(): void {
    this.#timer = undefined;
    if (this.#touched.size === 0) return;
    const touched = new Set(this.#touched);
    this.#touched.clear();
    void this.#queries.invalidateQueries({ queryKey: ['vms'] });
    void this.#queries.invalidateQueries({ queryKey: ['hosts'] });
    // One look through what is at hand, however many VMs there are.
    void this.#queries.invalidateQueries({
      predicate: ({ queryKey: [kind, vmId] }) => kind === 'vm' && touched.has(String(vmId)),
    });
    const pause = touched.size > BURST_VMS ? BURST_REFRESH_MS : REFRESH_MS;
    this.#timer = setTimeout(() => this.#refresh(), pause);
  }
}
