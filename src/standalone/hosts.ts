/**
 * The hosts of the standalone service: this machine where it is arm64 and has KVM, else emulated ones. Either way the
 * agent is the same program, enrolled with a one-time token like any other.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, openSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LabHost } from '../lab/host.ts';
import type { KernelLabel } from '../lab/kernels.ts';
import { repositoryRoot } from '../lab/paths.ts';
import { IDENTITY_FILE } from '../worker/files.ts';
import { isAlive, readIdentity } from '../worker/identity.ts';

export interface StandaloneHost {
  readonly name: string;
  /** Ends the agent, its workers and, where it is emulated, the machine. */
  stop(): Promise<void>;
}

export interface HostOptions {
  /** Where the hosts keep what must outlive them. */
  readonly dataDir: string;
  readonly apiPort: number;
  /** Gives a fresh one-time token. */
  readonly enrolmentToken: () => Promise<string>;
  /** Further disks of an emulated host, as `readOnlyDisks` of a lab host. */
  readonly disks?: Readonly<Record<string, string>>;
  readonly progress: (line: string) => void;
}

const AGENT_STATE = '/var/lib/holdfast/agent';
const AGENT_LOG = '/var/lib/holdfast/agent.log';

/** Whether guests can run on this machine itself. */
export function hasArm64Kvm(): boolean {
  if (process.arch !== 'arm64') return false;
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** An emulated host, with the agent's pid for whoever wants to end it roughly. */
export class EmulatedHost implements StandaloneHost {
  readonly name: string;
  readonly lab: LabHost;
  readonly #apiPort: number;
  #agentPid = 0;

  private constructor(name: string, lab: LabHost, apiPort: number) {
    this.name = name;
    this.lab = lab;
    this.#apiPort = apiPort;
  }

  /**
   * Boots a host with `kernel` and starts its agent. Its disk is kept, so that one with the same name, made of its first
   * kernel if not given, comes back as the same host.
   */
  static async start(
    kernel: KernelLabel,
    options: HostOptions,
    name: string = `lab-${kernel.replace('.', '-')}`,
  ): Promise<EmulatedHost> {
    const directory = join(options.dataDir, 'hosts');
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const dataDisk = join(directory, `${name}.ext4`);
    const { progress, disks: readOnlyDisks = {} } = options;
    const lab = await LabHost.start({ kernel, name, dataDisk, readOnlyDisks, progress });
    const host = new EmulatedHost(name, lab, options.apiPort);
    try {
      if ((await lab.exec(['test', '-e', `${AGENT_STATE}/agent.json`])).code !== 0) {
        await lab.putFile('/root/enrolment-token', await options.enrolmentToken(), 0o600);
      }
      await host.startAgent();
    } catch (error) {
      await lab.crash();
      throw error;
    }
    return host;
  }

  get agentPid(): number {
    return this.#agentPid;
  }

  /** `cwd`: where another release of Holdfast lies on the host. */
  async startAgent(cwd?: string): Promise<void> {
    const api = `http://${this.lab.apiAddress}:${this.#apiPort}`;
    const args = ['agent', '--api', api, '--state', AGENT_STATE, '--name', this.name];
    const identity = [
      '--enrolment-token-file',
      '/root/enrolment-token',
      '--label',
      `kernel=${this.lab.control.kernel}`,
    ];
    const command = ['node', 'src/cli.ts', ...args, ...identity];
    this.#agentPid = await this.lab.service(command, AGENT_LOG, cwd === undefined ? {} : { cwd });
  }

  /** Ends the agent and nothing else, as SIGKILL does. */
  async killAgent(): Promise<void> {
    await this.lab.kill9(this.#agentPid);
  }

  /** Tells the agent to end, as systemd does, and waits until it has. */
  async stopAgent(): Promise<void> {
    const gone = 'kill -TERM "$1"; while kill -0 "$1" 2>/dev/null; do sleep 0.1; done';
    await this.lab.exec(['sh', '-c', gone, 'stop', String(this.#agentPid)], { timeoutMs: 60_000 });
  }

  async agentLog(): Promise<string> {
    return (await this.lab.getFile(AGENT_LOG)).toString('utf8');
  }

  async stop(): Promise<void> {
    await this.lab.powerOff();
  }
}

/** This machine as a host. @throws Error when its agent ends at once. */
export async function startLocalHost(options: HostOptions): Promise<StandaloneHost> {
  const state = join(options.dataDir, 'agent');
  await mkdir(state, { recursive: true, mode: 0o700 });
  const tokenFile = join(state, 'enrolment-token');
  await writeFile(tokenFile, await options.enrolmentToken(), { mode: 0o600 });
  const log = openSync(join(options.dataDir, 'agent.log'), 'a', 0o600);
  const name = hostname().toLowerCase();
  options.progress(`starting the agent of this machine, ${name}`);
  const api = `http://127.0.0.1:${options.apiPort}`;
  const args = ['--api', api, '--state', state, '--name', name, '--enrolment-token-file', tokenFile];
  const agent = spawn(process.execPath, [join(repositoryRoot, 'src/cli.ts'), 'agent', ...args], {
    stdio: ['ignore', log, log],
    detached: true,
  });
  return {
    name,
    stop: async () => {
      if (agent.exitCode === null && agent.signalCode === null) {
        agent.kill('SIGTERM');
        await once(agent, 'exit');
      }
      await endWorkers(state);
    },
  };
}

/** Workers outlive their agent by design; the standalone service takes them with it. */
async function endWorkers(state: string): Promise<void> {
  const paths = await readdir(join(state, 'vms'), { recursive: true }).catch(() => []);
  const runs = paths.filter((path) => basename(path) === IDENTITY_FILE).map((path) => dirname(path));
  for (const run of runs) {
    const worker = readIdentity(join(state, 'vms', run));
    if (worker === null || worker.pid === null || !isAlive(worker)) continue;
    process.kill(worker.pid, 'SIGKILL');
    while (isAlive(worker)) await sleep(20);
  }
}
