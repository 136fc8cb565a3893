/** What guests leave on a host, counted before they come and after they have gone. */
import type { LabHost } from '../../src/lab/host.ts';

export interface Footprint {
  /** Processes of Node: the agent, its spare workers, and the workers. */
  readonly processes: number;
  readonly threads: number;
  /** Descriptors of the agent, but for its connections to the API, which come and go. */
  readonly descriptors: number;
  readonly interfaces: readonly string[];
  /** Under the agent's VMs, in temporary directories and in shared memory. */
  readonly files: readonly string[];
  /** MiB in use, caches apart. */
  readonly memoryMiB: number;
}

/** `$1`: the agent's process id. One section a line, `name=value`. */
const COUNT = `
  sync; echo 3 >/proc/sys/vm/drop_caches
  echo processes=$(pidof node | wc -w)
  threads=0; for pid in $(pidof node); do threads=$((threads + $(ls /proc/$pid/task | wc -l))); done
  echo threads=$threads
  echo descriptors=$(ls -l /proc/$1/fd | grep -v 'socket:' | grep -c -- '->')
  echo interfaces=$(ls /sys/class/net)
  echo files=$(find /var/lib/holdfast/agent/vms /tmp /dev/shm -mindepth 1 | sort)
  awk '/^MemTotal/ { total = $2 } /^MemAvailable/ { print "memoryMiB=" int((total - $2) / 1024) }' /proc/meminfo`;

export async function footprint(lab: LabHost, agentPid: number): Promise<Footprint> {
  const { code, stdout, stderr } = await lab.exec(['sh', '-c', COUNT, 'count', String(agentPid)]);
  if (code !== 0) throw new Error(`counting failed: ${stderr}`);
  const found = new Map(
    stdout
      .trim()
      .split('\n')
      .map((line) => {
        const [name = '', ...value] = line.split('=');
        return [name, value.join('=')] as const;
      }),
  );
  const number = (name: string) => Number(found.get(name));
  const words = (name: string) => (found.get(name) ?? '').split(' ').filter((word) => word !== '');
  return {
    processes: number('processes'),
    threads: number('threads'),
    descriptors: number('descriptors'),
    interfaces: words('interfaces'),
    files: words('files'),
    memoryMiB: number('memoryMiB'),
  };
}

/** What `after` has that `before` had not, in words; empty when nothing was left behind. */
export function leftBehind(before: Footprint, after: Footprint, toleratedMiB: number): string[] {
  const more = (name: 'processes' | 'threads' | 'descriptors', is: string) =>
    after[name] > before[name] ? [`${after[name] - before[name]} ${is}`] : [];
  const added = (name: 'interfaces' | 'files') =>
    after[name].filter((one) => !before[name].includes(one)).map((one) => `${name}: ${one}`);
  const memory = after.memoryMiB - before.memoryMiB;
  return [
    ...more('processes', 'processes'),
    ...more('threads', 'threads'),
    ...more('descriptors', 'descriptors of the agent'),
    ...added('interfaces'),
    ...added('files'),
    ...(memory > toleratedMiB ? [`${memory} MiB of memory`] : []),
  ];
}
