/** What clients ask of the whole fleet. */
import type { Answer, Cluster } from './cluster.ts';
import type { Sample } from './table.ts';

export type Take = (metric: string, value: number, unit: Sample['unit']) => void;

interface Question {
  readonly metric: string;
  readonly ask: (cluster: Cluster) => Promise<Answer>;
}

const QUESTIONS: readonly Question[] = [
  { metric: 'GET /v1/fleet/summary', ask: (cluster) => cluster.request('GET', '/v1/fleet/summary') },
  { metric: 'GET /v1/hosts, 100 of them', ask: (cluster) => cluster.request('GET', '/v1/hosts?limit=100') },
  {
    metric: 'GET /v1/vms, 100 of a team',
    ask: (cluster) => cluster.request('GET', '/v1/vms?limit=100&label=team:t1'),
  },
  {
    metric: 'policy dry run over all VMs',
    ask: (cluster) =>
      cluster.request('POST', '/v1/psci-policies?dryRun=true', {
        name: 'bench',
        selector: {},
        version: '1.0',
        priority: 10,
        enforcement: 'enforce',
      }),
  },
  {
    metric: 'preflight of 100 hosts for 1.1',
    ask: (cluster) =>
      cluster.request('POST', '/v1/preflights', { hostSelector: { batch: '0' }, target: { version: '1.1' } }),
  },
];

/** Each question several times, after once for what is loaded on first use; one that is refused stops the benchmark. */
export async function askAll(cluster: Cluster, rounds: number, take: Take): Promise<void> {
  for (const { metric, ask } of QUESTIONS) {
    await ask(cluster);
    for (let round = 0; round < rounds; round += 1) {
      const { status, body, milliseconds } = await ask(cluster);
      if (status >= 400) throw new Error(`${metric}: ${status} ${JSON.stringify(body)}`);
      take(metric, milliseconds, 'ms');
    }
  }
}
