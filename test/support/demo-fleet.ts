/** A small fleet with a story, on simulated hosts of three kernels: for pictures and for looking around. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestApi } from './api.ts';
import { makeImage } from './protocol-host.ts';
import { SimProcess } from './sim-process.ts';

const HOSTS = 6;
const PATIENCE_MS = 60_000;
const POLL_MS = 200;

const SWAP = [{ name: 'swap', sizeMiB: 1_024, readOnly: false }];
const DATA = [{ name: 'data', sizeMiB: 20_480, readOnly: false }];

interface Wanted {
  readonly name: string;
  readonly body: object;
  /** What is asked of it once it runs. */
  readonly action?: 'hibernate' | 'pause' | 'stop';
  /** The phase it is to come to. */
  readonly phase: string;
}

const VMS: readonly Wanted[] = [
  ...['web-1', 'web-2', 'web-3', 'web-4'].map((name) => ({
    name,
    body: { vcpus: 2, memoryMiB: 2_048, labels: { team: 'shop', app: 'web' } },
    phase: 'running',
  })),
  ...['db-1', 'db-2'].map((name) => ({
    name,
    body: {
      ...{ vcpus: 4, memoryMiB: 8_192, disks: DATA, labels: { team: 'shop', app: 'db' } },
      psci: { policy: 'pinned', version: '1.0' },
    },
    phase: 'running',
  })),
  ...['batch-1', 'batch-2', 'batch-3'].map((name, index) => ({
    name,
    body: {
      ...{ vcpus: 4, memoryMiB: 4_096, disks: SWAP, labels: { team: 'data', app: 'batch' } },
      psci: { policy: 'pinned', version: '1.3' },
    },
    ...(index === 0 ? { phase: 'running' } : ({ action: 'hibernate', phase: 'hibernated' } as const)),
  })),
  ...['edge-1', 'edge-2'].map((name) => ({
    name,
    body: { vcpus: 1, memoryMiB: 512, labels: { team: 'net', app: 'edge' }, psci: { policy: 'latest' } },
    phase: 'running',
  })),
  {
    name: 'ci-1',
    body: { vcpus: 2, memoryMiB: 1_024, labels: { team: 'dev', app: 'ci' }, psci: { policy: 'sticky' } },
    action: 'stop',
    phase: 'stopped',
  },
  {
    name: 'ci-2',
    body: { vcpus: 2, memoryMiB: 1_024, labels: { team: 'dev', app: 'ci' }, psci: { policy: 'sticky' } },
    action: 'pause',
    phase: 'paused',
  },
  {
    name: 'macos-build',
    body: {
      ...{
        vcpus: 4,
        memoryMiB: 8_192,
        labels: { team: 'dev', app: 'build' },
        cmdline: 'sim.crash-after=1@1.3',
      },
      psci: { policy: 'pinned', version: '1.3' },
    },
    phase: 'failed',
  },
  {
    name: 'lab-gpu',
    body: { vcpus: 2, memoryMiB: 4_096, labels: { team: 'dev' }, hostSelector: { zone: 'gpu' } },
    phase: 'pending',
  },
];

export interface DemoFleet extends AsyncDisposable {
  /** Addresses of the dashboard that are worth a picture, by name. */
  pages(): Promise<Record<string, string>>;
}

export async function demoFleet(api: TestApi, directory: string): Promise<DemoFleet> {
  const tokens = join(directory, 'enrolment-tokens');
  const secrets = [];
  for (let host = 0; host < HOSTS; host += 1) {
    secrets.push((await must(api, 'POST', '/v1/enrolment-tokens', {})).token);
  }
  writeFileSync(tokens, `${secrets.join('\n')}\n`, { mode: 0o600 });
  const hosts = await SimProcess.start([
    ...['--api', api.url, '--state', join(directory, 'hosts'), '--enrolment-token-file', tokens],
    ...['--count', String(HOSTS), '--kernel', '5.10,6.1,7.x', '--name', 'rack', '--label', 'zone=b'],
  ]);
  try {
    await tell(api);
  } catch (error) {
    await hosts[Symbol.asyncDispose]();
    throw error;
  }
  return { pages: () => pagesOf(api), [Symbol.asyncDispose]: () => hosts[Symbol.asyncDispose]() };
}

/** What happens in the fleet before the pictures are taken. */
async function tell(api: TestApi): Promise<void> {
  const imageId = await makeImage(api, '6.12.9', 'debian-13');
  await must(api, 'POST', '/v1/psci-policies', {
    ...{
      name: 'shop-stays',
      selector: { team: 'shop' },
      version: '1.1',
      priority: 10,
      enforcement: 'enforce',
    },
  });
  await must(api, 'POST', '/v1/psci-policies', {
    ...{ name: 'net-to-1.3', selector: { team: 'net' }, version: '1.3', priority: 5, enforcement: 'audit' },
  });
  const ids = new Map<string, string>();
  for (const { name, body } of VMS) {
    const { id } = await must(api, 'POST', '/v1/vms', { name, imageId, ...body, powerState: 'running' });
    ids.set(name, id);
  }
  for (const { name, action, phase } of VMS) {
    const id = ids.get(name) ?? '';
    if (action !== undefined) {
      await reaches(api, id, 'running');
      await must(api, 'POST', `/v1/vms/${id}/${action}`, {});
    }
    await reaches(api, id, phase);
  }
  // A life worth drawing.
  const batch = ids.get('batch-1') ?? '';
  for (const [action, phase] of [
    ['pause', 'paused'],
    ['resume', 'running'],
    ['hibernate', 'hibernated'],
    ['start', 'running'],
    ['reset', 'running'],
  ] as const) {
    await must(api, 'POST', `/v1/vms/${batch}/${action}`, {});
    await reaches(api, batch, phase);
    await sleep(1_500);
  }
  await say(api, batch);
  const { items } = (await api.request('GET', '/v1/hosts')).body;
  await must(api, 'POST', `/v1/hosts/${items[0].id}/cordon`, {});
  await must(api, 'POST', '/v1/preflights', { hostId: items[1].id, target: { hostId: items[2].id } });
  await must(api, 'POST', '/v1/rollouts', {
    ...{ name: 'edge-to-1.1', selector: { app: 'edge' }, to: { version: '1.1' } },
    ...{
      waves: [
        { count: 1, soakSeconds: 600 },
        { percent: 100, soakSeconds: 0 },
      ],
      maxUnavailable: 1,
    },
  });
}

/** What a guest's kernel says of its firmware; simulated guests say nothing by themselves. */
const CONSOLE = [
  '[    0.000000] Booting Linux on physical CPU 0x0000000000 [0x000f0510]',
  '[    0.000000] psci: probing for conduit method from DT.',
  '\x1b[32m[    0.000000] psci: PSCIv1.3 detected in firmware.\x1b[0m',
  '[    0.000000] psci: Using standard PSCI v0.2 function IDs',
  '[    0.000000] psci: SMC Calling Convention v1.1',
  '[    0.021406] smp: Brought up 1 node, 4 CPUs',
  '[    0.412280] PM: hibernation: resume from hibernation',
  '',
  'batch-1 login: ',
].join('\r\n');

async function say(api: TestApi, vmId: string): Promise<void> {
  const { bootId } = (await api.request('GET', `/v1/vms/${vmId}`)).body;
  await api.control.pool.query(
    'INSERT INTO console_chunks (vm_id, boot_id, "offset", data) VALUES ($1, $2, 0, $3) ON CONFLICT DO NOTHING',
    [vmId, bootId, Buffer.from(CONSOLE)],
  );
}

async function pagesOf(api: TestApi): Promise<Record<string, string>> {
  const first = async (path: string) => (await api.request('GET', path)).body.items[0]?.id;
  return {
    ...{ fleet: '/', vms: '/vms', vm: `/vms/${await first('/v1/vms?search=batch-1')}`, 'vm-new': '/vms/new' },
    ...{ hosts: '/hosts', host: `/hosts/${await first('/v1/hosts')}`, policies: '/policies' },
    ...{ policy: `/policies/${await first('/v1/psci-policies')}`, 'policy-new': '/policies/new' },
    ...{ drift: '/drift', compare: await comparison(api), 'rollout-new': '/rollouts/new' },
    ...{ 'vm-off': `/vms/${await first('/v1/vms?search=ci-1')}` },
    ...{ rollouts: '/rollouts', rollout: `/rollouts/${await first('/v1/rollouts')}` },
    ...{ preflights: '/preflights', preflight: `/preflights/${await first('/v1/preflights')}` },
    ...{ events: '/events', event: `/events/${await first('/v1/events?kind=hibernate')}`, audit: '/audit' },
  };
}

/** Of two hosts with different kernels. */
async function comparison(api: TestApi): Promise<string> {
  const [a, b] = (await api.request('GET', '/v1/hosts')).body.items;
  return `/hosts/compare?a=${a.id}&b=${b.id}`;
}

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
async function must(api: TestApi, method: string, path: string, body: object): Promise<any> {
  const answer = await api.request(method, path, { body });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

async function reaches(api: TestApi, vmId: string, phase: string): Promise<void> {
  const patience = performance.now() + PATIENCE_MS;
  let seen = '';
  while (performance.now() < patience) {
    seen = (await api.request('GET', `/v1/vms/${vmId}`)).body.phase;
    if (seen === phase) return;
    await sleep(POLL_MS);
  }
  throw new Error(`VM ${vmId} is ${seen} and should be ${phase}`);
}
