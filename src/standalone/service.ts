/**
 * The whole of Holdfast on one machine: API with its own Postgres, hosts with their agents, the demo image uploaded.
 *
 *     startService ──▶ Postgres ──▶ API ready ──▶ hosts enrolled ──▶ image uploaded ──▶ up ──stop──▶ the same backwards
 *
 * Postgres belongs to this process and not to the API's, so that the API can be ended roughly without taking it along.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type EmbeddedPostgres, startPostgres } from '../control/database/postgres.ts';
import { buildDemoImage } from '../lab/demo-image.ts';
import type { KernelLabel } from '../lab/kernels.ts';
import { ApiProcess } from './api-process.ts';
import { EmulatedHost, type HostOptions, type StandaloneHost, startLocalHost } from './hosts.ts';
import { type Host, Operator } from './operator.ts';

export interface ServiceOptions {
  /** Everything that is kept: the admin token, Postgres, the hosts' disks. */
  readonly dataDir: string;
  readonly port: number;
  /** Kernels of the emulated hosts, one each; empty for this machine's own KVM. */
  readonly kernels: readonly KernelLabel[];
  /** Further disks of the emulated hosts, as `readOnlyDisks` of a lab host. */
  readonly hostDisks?: Readonly<Record<string, string>>;
  readonly progress: (line: string) => void;
  /** Further environment of the API. */
  readonly env?: Readonly<Record<string, string>>;
  /** Gives the start up: what runs by then is stopped, and what is half started dies with this process. */
  readonly signal?: AbortSignal;
}

export interface Service {
  readonly postgres: EmbeddedPostgres;
  readonly api: ApiProcess;
  readonly operator: Operator;
  readonly hosts: readonly StandaloneHost[];
  /** Host as the API knows it, by name. */
  readonly enrolled: ReadonlyMap<string, Host>;
  /** What the demo guest needs: memory in MiB that suffices to hibernate. */
  readonly image: { readonly id: string; readonly name: string; readonly memoryMiB: number };
  /** The emulated host with that kernel. @throws RangeError when there is none */
  emulated(kernel: KernelLabel): EmulatedHost;
  stop(): Promise<void>;
}

/** Everything it started is gone when it throws. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { dataDir, port, kernels, progress } = options;
  const unlessAborted = abortable(options.signal);
  const running: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of running.splice(0).reverse()) await end();
  };
  try {
    progress('starting Postgres and the API');
    await mkdir(dataDir, { recursive: true, mode: 0o755 });
    const postgres = await unlessAborted(
      startPostgres({ directory: join(dataDir, 'postgres'), log: progress }),
    );
    running.push(() => postgres.stop());
    // Emulated hosts share this machine with it: what looks like a process that has fallen behind is one that waits.
    const env = { HOLDFAST_MOST_DELAY_MS: '0', ...options.env, DATABASE_URL: postgres.url };
    const api = new ApiProcess({ dataDir, port, env });
    running.push(() => api.stop());
    await unlessAborted(api.start());
    const operator = new Operator(api.url, await api.adminToken());
    const hostOptions: HostOptions = {
      dataDir,
      apiPort: api.port,
      enrolmentToken: () => operator.enrolmentToken(),
      progress,
      disks: options.hostDisks ?? {},
    };
    const emulated: EmulatedHost[] = [];
    const hosts: StandaloneHost[] = [];
    running.push(async () => void (await Promise.all(hosts.map((host) => host.stop()))));
    if (kernels.length === 0) hosts.push(await unlessAborted(startLocalHost(hostOptions)));
    // One after the other: the first fetches and builds what the next ones share.
    for (const kernel of kernels) {
      const host = await unlessAborted(EmulatedHost.start(kernel, hostOptions));
      emulated.push(host);
      hosts.push(host);
    }
    const demo = await unlessAborted(buildDemoImage(undefined, progress));
    progress('uploading the demo image');
    const image = await unlessAborted(operator.ensureImage({ name: 'demo', ...demo }));
    const enrolled = new Map<string, Host>();
    for (const host of hosts) {
      progress(`waiting for ${host.name} to report`);
      enrolled.set(host.name, await unlessAborted(operator.activeHost(host.name)));
    }
    return {
      postgres,
      api,
      operator,
      hosts,
      enrolled,
      image: { id: image.id, name: image.name, memoryMiB: demo.memoryMiB },
      emulated: (kernel) => {
        const host = emulated.find(({ lab }) => lab.control.kernel === kernel);
        if (host === undefined) throw new RangeError(`No host of this service has the kernel ${kernel}.`);
        return host;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Makes a step end at once, with the signal's reason, when the start is given up. */
function abortable(signal: AbortSignal | undefined): <T>(step: Promise<T>) => Promise<T> {
  if (signal === undefined) return (step) => step;
  const given = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  given.catch(() => undefined);
  return (step) => Promise.race([step, given]);
}
