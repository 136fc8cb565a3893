/** What guests leave on a host, counted before they come and after they have gone. */
import { isDeepStrictEqual } from 'node:util';
import type { LabHost } from '../../src/lab/host.ts';

export interface Footprint {
  /** Processes of Node: the agent, its spare workers, and the workers. */
  readonly processes: number;
  readonly threads: number;
  /** Those of them that are at work in a run directory. */
  readonly workers: number;
  /** Spare workers, and those of them that have loaded everything: until then they grow. */
  readonly spares: number;
  readonly readySpares: number;
  /** Descriptors of the agent, but for its connections to the API, which come and go. */
  readonly descriptors: number;
  readonly interfaces: readonly string[];
  /** Tables of the packet filter. */
  readonly tables: readonly string[];
  /** Under the agent's VMs, in temporary directories and in shared memory; what Node keeps of compiled code apart. */
  readonly files: readonly string[];
  /** MiB in use, caches apart. */
  readonly memoryMiB: number;
}

/** `$1`: the agent's process id. One section a line, `name=value`; what is a list has a comma behind each member. */
const COUNT = `
  sync; echo 3 >/proc/sys/vm/drop_caches
  cd /var/lib/holdfast/agent
  echo processes=$(pidof node | wc -w)
  threads=0; workers=0; spares=0
  for pid in $(pidof node); do
    threads=$((threads + $(ls /proc/$pid/task | wc -l)))
    case $(readlink /proc/$pid/cwd) in
      $PWD/vms/*) workers=$((workers + 1));;
      $PWD/spares) spares=$((spares + 1));;
    esac
  done
  echo threads=$threads
  echo workers=$workers
  echo spares=$spares
  echo readySpares=$(grep -l 'waits for a run' spares/* 2>/dev/null | wc -l)
  echo descriptors=$(ls -l /proc/$1/fd | grep -v 'socket:' | grep -c -- '->')
  echo interfaces=$(ls /sys/class/net | sed 's/$/,/')
  echo tables=$(nft list tables | sed 's/$/,/')
  echo files=$(find vms /tmp /dev/shm -mindepth 1 -not -path '/tmp/node-compile-cache*' | sort | sed 's/$/,/')
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
  const members = (name: string) => (found.get(name) ?? '').split(/, ?/).filter((one) => one !== '');
  return {
    processes: number('processes'),
    threads: number('threads'),
    workers: number('workers'),
    spares: number('spares'),
    readySpares: number('readySpares'),
    descriptors: number('descriptors'),
    interfaces: members('interfaces'),
    tables: members('tables'),
    files: members('files'),
    memoryMiB: number('memoryMiB'),
  };
}

/** Whether a host with `spares` spare workers is at rest: the spares are all there, and each of them is ready. */
export function isAtRest({ spares, readySpares }: Footprint, wanted: number): boolean {
  return spares === wanted && readySpares === wanted;
}

/** Whether nothing has come or gone between two counts; memory always changes a little. */
export function isSame(one: Footprint, other: Footprint): boolean {
  return isDeepStrictEqual({ ...one, memoryMiB: 0 }, { ...other, memoryMiB: 0 });
}

/** What `after` has that `before` had not, in words; empty when nothing was left behind. */
export function leftBehind(before: Footprint, after: Footprint, toleratedMiB: number): string[] {
  const more = (name: 'processes' | 'threads' | 'descriptors', is: string) =>
    after[name] > before[name] ? [`${after[name] - before[name]} ${is}`] : [];
  const added = (name: 'interfaces' | 'tables' | 'files') =>
    after[name].filter((one) => !before[name].includes(one)).map((one) => `${name}: ${one}`);
  const memory = after.memoryMiB - before.memoryMiB;
  return [
    ...more('processes', 'processes'),
    ...more('threads', 'threads'),
    ...more('descriptors', 'descriptors of the agent'),
    ...added('interfaces'),
    ...added('tables'),
    ...added('files'),
    ...(memory > toleratedMiB ? [`${memory} MiB of memory`] : []),
  ];
}
