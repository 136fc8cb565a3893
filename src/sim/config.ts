/** The command line of simulated hosts. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { apiUrl, ConfigError, hostName, labels, logLevel, positive } from '../agent/config.ts';
import type { HostFacts } from '../wire/agent.ts';
import { isSimKernel, SIM_KERNELS, type SimKernel } from './kernels.ts';

export const SIM_USAGE = `holdfast agent --driver sim: simulated hosts, for load and for tests of what a fleet does

They speak the agent's own protocol and run no guest: what a VM's guest does is said by words of its kernel command
line, such as sim.poweroff-after=60, sim.crash-after=0@1.1 or sim.deaf (src/sim/script.ts has them all).

  --api URL                      the API (HOLDFAST_API)
  --state DIR                    where the hosts keep their credentials and journals (HOLDFAST_STATE)
  --count N                      how many hosts (1)
  --kernel K[,K...]              what they behave like: 5.10, 6.1 or 7.x; several are taken in turn (6.1)
  --enrolment-token-file FILE    one-time tokens from POST /v1/enrolment-tokens, one per line and per new host
  --name PREFIX                  the hosts are PREFIX-1, PREFIX-2, ... (sim)
  --label KEY=VALUE              may be repeated; for hostSelector (first start only)
  --vcpus N                      vCPUs offered by each (64)
  --memory-mib N                 memory offered by each, in MiB (65536)
  --log-level LEVEL              trace, debug, info, warn, error (warn)

The end of the process is a loss of power to every host: started again on the same state, they say that what ran there
was lost. All of them show "simulated": true.
`;

export interface SimConfig {
  readonly api: string;
  /** Absolute. */
  readonly state: string;
  readonly enrolmentTokenFile: string | null;
  readonly prefix: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly count: number;
  readonly kernels: readonly SimKernel[];
  readonly capacity: HostFacts['capacity'];
  readonly logLevel: string;
}

const MOST_HOSTS = 10_000;

/** @returns null when help was asked for. @throws ConfigError */
export function readSimConfig(args: readonly string[], env: NodeJS.ProcessEnv): SimConfig | null {
  const flags = parse(args);
  if (flags.help === true) return null;
  const api = flags.api ?? env.HOLDFAST_API;
  if (api === undefined) throw new ConfigError('say where the API is: --api URL or HOLDFAST_API');
  const state = flags.state ?? env.HOLDFAST_STATE;
  if (state === undefined) throw new ConfigError('say where to keep state: --state DIR or HOLDFAST_STATE');
  const count = whole('--count', flags.count ?? '1');
  if (count > MOST_HOSTS) throw new ConfigError(`--count is at most ${MOST_HOSTS}, not ${count}`);
  return {
    api: apiUrl(api),
    state: resolve(state),
    enrolmentTokenFile: flags['enrolment-token-file'] ?? env.HOLDFAST_ENROLMENT_TOKEN_FILE ?? null,
    prefix: hostName(flags.name ?? 'sim'),
    labels: labels(flags.label ?? []),
    count,
    kernels: kernels(flags.kernel ?? '6.1'),
    capacity: {
      vcpus: whole('--vcpus', flags.vcpus ?? '64'),
      memoryMiB: whole('--memory-mib', flags['memory-mib'] ?? '65536'),
    },
    logLevel: logLevel(flags['log-level'] ?? env.HOLDFAST_LOG_LEVEL ?? 'warn'),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        driver: { type: 'string' },
        api: { type: 'string' },
        state: { type: 'string' },
        count: { type: 'string' },
        kernel: { type: 'string' },
        'enrolment-token-file': { type: 'string' },
        name: { type: 'string' },
        label: { type: 'string', multiple: true },
        vcpus: { type: 'string' },
        'memory-mib': { type: 'string' },
        'log-level': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error));
  }
}

function kernels(list: string): SimKernel[] {
  return list.split(',').map((kernel) => {
    if (isSimKernel(kernel)) return kernel;
    throw new ConfigError(`--kernel must be of ${SIM_KERNELS.join(', ')}, not "${kernel}"`);
  });
}

function whole(flag: string, value: string): number {
  const number = positive(flag, value);
  if (!Number.isSafeInteger(number)) throw new ConfigError(`${flag} must be a whole number, not "${value}"`);
  return number;
}
