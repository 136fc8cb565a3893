/** Renews the host's lease. Facts that may change without the agent's doing are read anew each time. */
import type { HostCounters, HostFacts } from '../wire/agent.ts';
import { pause } from './backoff.ts';
import type { ApiClient } from './client.ts';
import type { Supervisor } from './supervisor.ts';

/** One heartbeat, and the wait until the next as the API says. @throws ApiError */
export async function heartbeat(
  client: Pick<ApiClient, 'heartbeat'>,
  facts: () => HostFacts,
  supervisor: Pick<Supervisor, 'observed'>,
  signal: AbortSignal,
  counters: () => HostCounters | null,
): Promise<void> {
  const counted = counters();
  const beat = {
    facts: facts(),
    ...(counted === null ? {} : { counters: counted }),
    vms: supervisor.observed(),
  };
  const answer = await client.heartbeat(beat, signal);
  await pause(answer.heartbeatSeconds * 1000, signal);
}
