/** What an agent is told at its start: flags first, then environment, then defaults. */
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { NAME_PATTERN } from '../wire/text.ts';

export const AGENT_USAGE = `holdfast agent: makes this machine a host of a Holdfast fleet

  --api URL                      the API, such as https://holdfast.example (HOLDFAST_API)
  --state DIR                    where disks, images and journals are kept (HOLDFAST_STATE; /var/lib/holdfast)
  --enrolment-token-file FILE    a one-time token from POST /v1/enrolment-tokens, for the first start
                                 (HOLDFAST_ENROLMENT_TOKEN_FILE)
  --name NAME                    the host's name in the fleet (HOLDFAST_NAME; the machine's host name)
  --label KEY=VALUE              may be repeated; for hostSelector (first start only)
  --vcpu-overcommit N            vCPUs offered per CPU of this machine (4)
  --memory-reserve-mib N         memory not offered to VMs, in MiB (512)
  --spare-workers N              processes kept ready, each for the next VM to start (HOLDFAST_SPARE_WORKERS; 1)
  --log-level LEVEL              trace, debug, info, warn, error (HOLDFAST_LOG_LEVEL; info)
  --driver kvm|sim               kvm, unless said; sim makes simulated hosts instead (--driver sim --help)

SIGTERM ends the agent and leaves its VMs running; an agent started again on the same state adopts them.
Under systemd that takes KillMode=process in the unit.
`;

export interface AgentConfig {
  /** Without a trailing slash. */
  readonly api: string;
  /** Absolute. */
  readonly state: string;
  readonly enrolmentTokenFile: string | null;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly vcpuOvercommit: number;
  readonly memoryReserveMiB: number;
  readonly spareWorkers: number;
  readonly logLevel: string;
}

/** A command line or an environment that cannot be used; the message says what to write instead. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];
/** As `name` in EnrolRequest (wire/agent.ts). */
const HOST_NAME = new RegExp(NAME_PATTERN);

/** @returns null when help was asked for. @throws ConfigError */
export function readConfig(args: readonly string[], env: NodeJS.ProcessEnv): AgentConfig | null {
  const flags = parse(args);
  if (flags.help === true) return null;
  if (flags.driver !== undefined && flags.driver !== 'kvm')
    throw new ConfigError(`--driver must be kvm or sim, not "${flags.driver}"`);
  const api = flags.api ?? env.HOLDFAST_API;
  if (api === undefined) throw new ConfigError('say where the API is: --api URL or HOLDFAST_API');
  return {
    api: apiUrl(api),
    state: resolve(flags.state ?? env.HOLDFAST_STATE ?? '/var/lib/holdfast'),
    enrolmentTokenFile: flags['enrolment-token-file'] ?? env.HOLDFAST_ENROLMENT_TOKEN_FILE ?? null,
    name: hostName(flags.name ?? env.HOLDFAST_NAME ?? hostname().toLowerCase()),
    labels: labels(flags.label ?? []),
    vcpuOvercommit: positive('--vcpu-overcommit', flags['vcpu-overcommit'] ?? '4'),
    memoryReserveMiB: notNegative('--memory-reserve-mib', flags['memory-reserve-mib'] ?? '512'),
    spareWorkers: few('--spare-workers', flags['spare-workers'] ?? env.HOLDFAST_SPARE_WORKERS ?? '1'),
    logLevel: logLevel(flags['log-level'] ?? env.HOLDFAST_LOG_LEVEL ?? 'info'),
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
        'enrolment-token-file': { type: 'string' },
        name: { type: 'string' },
        label: { type: 'string', multiple: true },
        'vcpu-overcommit': { type: 'string' },
        'memory-reserve-mib': { type: 'string' },
        'spare-workers': { type: 'string' },
        'log-level': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error));
  }
}

export function apiUrl(value: string): string {
  const url = URL.parse(value);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new ConfigError(`--api must be a URL such as https://holdfast.example, not "${value}"`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new ConfigError('--api must not hold a user or a password: the agent has a credential of its own');
  }
  return url.href.replace(/\/+$/, '');
}

export function hostName(value: string): string {
  if (!HOST_NAME.test(value)) {
    throw new ConfigError(
      `--name must be 1 to 63 letters, digits, dots, underscores and hyphens, with a letter or digit at both ends, not "${value}"`,
    );
  }
  return value;
}

export function labels(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new ConfigError(`--label must be KEY=VALUE, not "${pair}"`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

export function positive(flag: string, value: string): number {
  const number = Number(value);
  if (!(number > 0) || !Number.isFinite(number)) {
    throw new ConfigError(`${flag} must be a number above 0, not "${value}"`);
  }
  return number;
}

function notNegative(flag: string, value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 0) {
    throw new ConfigError(`${flag} must be a whole number of MiB, not "${value}"`);
  }
  return number;
}

function few(flag: string, value: string): number {
  if (!/^\d{1,2}$/.test(value))
    throw new ConfigError(`${flag} must be a number from 0 to 99, not "${value}"`);
  return Number(value);
}

export function logLevel(value: string): string {
  if (!LOG_LEVELS.includes(value)) {
    throw new ConfigError(`--log-level must be one of ${LOG_LEVELS.join(', ')}, not "${value}"`);
  }
  return value;
}
