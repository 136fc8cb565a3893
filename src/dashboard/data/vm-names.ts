/** The names of VMs that are known by id only, as in events: many are asked for in one request, and kept. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type Api, answer } from './api.ts';
import { useApi } from './api-context.tsx';

/** Milliseconds over which names are gathered before they are asked for. */
const GATHER_MS = 20;
/** As many ids as the API takes. */
const MOST_IDS = 200;
/** Names never change, but a VM that nobody knew may be deleted meanwhile: such answers are good as long. */
const GOOD_MS = 300_000;
/** After nothing shows it any more: in a burst of events thousands of names pass through the window. */
const KEPT_MS = 15_000;

/** Undefined: not known yet. Null: there is no such VM, any more. */
export function useVmName(vmId: string): string | null | undefined {
  const api = useApi();
  const names = useMemo(() => namesOf(api), [api]);
  const { data } = useQuery({
    queryKey: ['vm-name', vmId],
    queryFn: () => names.find(vmId),
    staleTime: GOOD_MS,
    gcTime: KEPT_MS,
  });
  return data;
}

const known = new WeakMap<Api, Names>();

function namesOf(api: Api): Names {
  const names = known.get(api) ?? new Names(api);
  known.set(api, names);
  return names;
}

interface Asked {
  readonly vmId: string;
  readonly found: (name: string | null) => void;
  readonly failed: (error: unknown) => void;
}

class Names {
  readonly #api: Api;
  #asked: Asked[] = [];

  constructor(api: Api) {
    this.#api = api;
  }

  find(vmId: string): Promise<string | null> {
    if (this.#asked.length === 0) setTimeout(() => this.#askAll(), GATHER_MS);
    return new Promise((found, failed) => this.#asked.push({ vmId, found, failed }));
  }

  #askAll(): void {
    const asked = this.#asked;
    this.#asked = [];
    for (let from = 0; from < asked.length; from += MOST_IDS) {
      void this.#ask(asked.slice(from, from + MOST_IDS));
    }
  }

  async #ask(asked: readonly Asked[]): Promise<void> {
    try {
      const query = { id: asked.map(({ vmId }) => vmId), limit: MOST_IDS };
      const { items } = await answer(this.#api.GET('/v1/vms', { params: { query } }));
      const names = new Map(items.map(({ id, name }) => [id, name]));
      for (const { vmId, found } of asked) found(names.get(vmId) ?? null);
    } catch (error) {
      for (const { failed } of asked) failed(error);
    }
  }
}
