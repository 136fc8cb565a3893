/** `script/server`: the whole service on one machine until Ctrl-C. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type KernelLabel, kernelLabel, newestKernel } from '../lab/kernels.ts';
import { hasArm64Kvm } from './hosts.ts';
import { type Service, startService } from './service.ts';
import { terminal } from './terminal.ts';

const USAGE = `usage: script/server [--hosts KERNEL[,KERNEL…]]

  --hosts 5.10,6.1,7.3   emulated hosts with these kernels (5.10, 6.1, 6.12, 7.3), one each.
                         Without it: this machine's own KVM when it is arm64, else one emulated host with ${newestKernel}.

  HOLDFAST_PORT (8080) and HOLDFAST_DATA (.holdfast) say where the service is and where it keeps its data.
`;

const out = terminal();

function kernels(hosts: string | undefined): KernelLabel[] {
  if (hosts === undefined) return hasArm64Kvm() ? [] : [newestKernel];
  const labels = hosts.split(',').map((text) => kernelLabel(text.trim()));
  if (new Set(labels).size < labels.length)
    throw new Error('--hosts names a kernel twice: each has one host.');
  return labels;
}

/** Resolves at the first Ctrl-C or SIGTERM; a second one ends the process at once. */
function interrupted(): Promise<void> {
  return new Promise((done) => {
    const first = (): void => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
        process.off(signal, first);
        process.on(signal, () => process.exit(130));
      }
      done();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, first);
  });
}

function describe(service: Service): void {
  out.heading(`Holdfast is up at ${service.api.url}`);
  out.plain(`  dashboard    ${service.api.url}/`);
  out.plain(`  API          ${service.api.url}/docs`);
  out.plain(`  admin token  ${service.api.adminTokenPath}`);
  out.plain(`  image        ${service.image.name} (${service.image.id})`);
  for (const host of service.enrolled.values()) {
    const { accepted, default: newest } = host.psci;
    out.plain(
      `  host         ${host.name}, Linux ${host.kernel}: PSCI ${accepted.join(', ')}; unpinned guests get ${newest}`,
    );
  }
  out.plain('\nCtrl-C ends it; what it recorded stays.');
}

const { values } = parseArgs({
  options: { hosts: { type: 'string' }, help: { type: 'boolean', default: false } },
});
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}

const stop = new AbortController();
const stopping = interrupted().then(() => stop.abort());
try {
  const service = await startService({
    dataDir: resolve(process.env.HOLDFAST_DATA ?? '.holdfast'),
    port: Number(process.env.HOLDFAST_PORT ?? 8080),
    kernels: kernels(values.hosts),
    progress: out.step,
    signal: stop.signal,
  });
  describe(service);
  await stopping;
  out.step('stopping the hosts, the API and Postgres');
  await service.stop();
} catch (error) {
  if (!stop.signal.aborted) throw error;
}
out.seen('everything has stopped');
process.exit(0);
