/** Many VMs asked for at the same time. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from './cluster.ts';
import type { Take } from './questions.ts';

/** Requests under way at the same time while the VMs are made, which is not what is measured. */
const MAKERS = 8;

export async function storm(cluster: Cluster, starts: number, take: Take): Promise<void> {
  const imageId = await cluster.image();
  const ids: string[] = [];
  let made = 0;
  const begunMaking = performance.now();
  const make = async (): Promise<void> => {
    while (made < starts) {
      made += 1;
      const body = { name: `storm-${made}`, labels: { storm: 'yes' }, vcpus: 1, memoryMiB: 256, imageId };
      const { answer } = await cluster.insist('POST', '/v1/vms', body);
      ids.push(answer.body.id);
    }
  };
  await Promise.all(Array.from({ length: MAKERS }, make));
  take('POST /v1/vms, each', (performance.now() - begunMaking) / starts, 'ms');

  const before = cluster.cpu();
  const begun = performance.now();
  let retries = 0;
  const start = async (id: string): Promise<void> => {
    retries += (await cluster.insist('POST', `/v1/vms/${id}/start`, {})).retries;
  };
  await Promise.all(ids.map(start));
  const placed = (performance.now() - begun) / 1000;
  take(`${starts} starts at once: all placed`, placed, 's');
  take(`${starts} starts at once: asked again, after a 503`, retries, '');
  const after = cluster.cpu();
  take('CPU of the API for each start', ((after.api - before.api) * 1000) / starts, 'ms');
  take('CPU of Postgres for each start', ((after.postgres - before.postgres) * 1000) / starts, 'ms');
  while (
    (await cluster.request('GET', '/v1/vms?label=storm:yes&phase=starting&limit=1')).body.items.length > 0
  ) {
    await sleep(100);
  }
  take(`${starts} starts at once: all guests told of`, (performance.now() - begun) / 1000, 's');
}
