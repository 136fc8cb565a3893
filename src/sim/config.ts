/** The command line of simulated hosts. */
import { parseArgs } from 'node:util';
import { LOG_LEVELS } from '../config/api.ts';
import { choice, hostName, httpUrl, labels, path, whole } from '../config/kinds.ts';
import { readSettings } from '../config/read.ts';
import { ConfigError, Invalid, type Kind, required, setting, settingOf } from '../config/setting.ts';
import { flagUsage } from '../config/usage.ts';
import type { HostFacts } from '../wire/agent.ts';
import { isSimKernel, SIM_KERNELS, type SimKernel } from './kernels.ts';

const MOST_HOSTS = 10_000;
const MOST_VCPUS = 100_000;
/** In MiB. */
const MOST_MEMORY = 1024 * 1024 * 1024;

const kernelList = (text: string): SimKernel[] =>
  text.split(',').map((kernel) => {
    if (isSimKernel(kernel)) return kernel;
    throw new Invalid(`must be of ${SIM_KERNELS.join(', ')}`);
  });

const kernels: Kind<readonly SimKernel[]> = {
  fromText: kernelList,
  fromFile: (value) => kernelList(String(value)),
  schema: { type: 'string' },
};

const SIM_SETTINGS = {
  api: required(httpUrl, {
    ...{ flag: 'api', env: 'HOLDFAST_API', placeholder: 'URL' },
    description: 'The API.',
  }),
  state: required(path, {
    ...{ flag: 'state', env: 'HOLDFAST_STATE', placeholder: 'DIR' },
    description: 'Where the hosts keep their credentials and journals.',
  }),
  count: setting(whole(1, MOST_HOSTS), {
    ...{ flag: 'count', placeholder: 'N', default: 1 },
    description: 'How many hosts.',
  }),
  kernels: settingOf(kernels, {
    ...{ flag: 'kernel', placeholder: 'K[,K...]', default: (): SimKernel[] => ['6.1'], defaultText: '6.1' },
    description: 'What they behave like: 5.10, 6.1 or 7.x; several are taken in turn.',
  }),
  enrolmentTokenFile: setting(path, {
    ...{
      flag: 'enrolment-token-file',
      env: 'HOLDFAST_ENROLMENT_TOKEN_FILE',
      placeholder: 'FILE',
      default: null,
    },
    description: 'One-time tokens from POST /v1/enrolment-tokens, one per line and per new host.',
  }),
  prefix: setting(hostName, {
    ...{ flag: 'name', placeholder: 'PREFIX', default: 'sim' },
    description: 'The hosts are PREFIX-1, PREFIX-2, ...',
  }),
  labels: settingOf(labels, {
    ...{ flag: 'label', placeholder: 'KEY=VALUE', default: () => ({}), defaultText: '' },
    description: 'May be repeated; for hostSelector (first start only).',
  }),
  vcpus: setting(whole(1, MOST_VCPUS), {
    ...{ flag: 'vcpus', placeholder: 'N', default: 64 },
    description: 'vCPUs offered by each.',
  }),
  memoryMiB: setting(whole(1, MOST_MEMORY, 'MiB'), {
    ...{ flag: 'memory-mib', placeholder: 'N', default: 65_536 },
    description: 'Memory offered by each, in MiB.',
  }),
  logLevel: setting(choice(...LOG_LEVELS), {
    ...{ flag: 'log-level', env: 'HOLDFAST_LOG_LEVEL', placeholder: 'LEVEL', default: 'warn' },
    description: 'What is logged, and all that is worse.',
  }),
};

export const SIM_USAGE = `holdfast agent --driver sim: simulated hosts, for load and for tests of what a fleet does

They speak the agent's own protocol and run no guest: what a VM's guest does is said by words of its kernel command
line, such as sim.poweroff-after=60, sim.crash-after=0@1.1 or sim.deaf (src/sim/script.ts has them all).

${flagUsage(SIM_SETTINGS)}

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

/** @returns null when help was asked for. @throws ConfigError */
export function readSimConfig(args: readonly string[], env: NodeJS.ProcessEnv): SimConfig | null {
  const flags = parse(args);
  if (flags.help === true) return null;
  const { vcpus, memoryMiB, ...values } = readSettings(SIM_SETTINGS, { flags, env }).values;
  return { ...values, capacity: { vcpus, memoryMiB } };
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
