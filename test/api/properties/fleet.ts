/** The fleet that steps happen to: two replicas on one Postgres, and simulated hosts that are watched all the while. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { SimHost } from '../../../src/sim/host.ts';
import type { SimKernel } from '../../../src/sim/kernels.ts';
import { until } from '../../peer/runs.ts';
import { type Answer, startApi, type TestApi } from '../../support/api.ts';
import { makeImage, vmBody } from '../../support/protocol-host.ts';
import { type Replica, secondReplica } from '../../support/replica.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../temporary.ts';
import type { Step } from './steps.ts';

/** Small, so that VMs compete for room. */
const CAPACITY = { vcpus: 4, memoryMiB: 1_024 };
const KERNELS: readonly SimKernel[] = ['5.10', '6.1', '7.x', '6.1'];
/** The one whose kernel changes now and then; what the others accept is always what the database has. */
const CHANGING = 3;
/** Short, so that a host's silence shows within a sequence. */
const LEASE = { leaseSeconds: 3, heartbeatSeconds: 1 };
/** Few, so that things happen to each of them. */
const MOST_VMS = 8;
const LOOKS_FOR_A_GUEST = 20;
const WATCH_MS = 5;
const LONGEST_SETTLING_MS = 120_000;
const log = pino({ level: 'silent' });

class Machine {
  readonly name: string;
  readonly token: string;
  sim: SimHost | null = null;

  constructor(name: string, token: string) {
    this.name = name;
    this.token = token;
  }
}

export class Fleet implements AsyncDisposable {
  readonly replicas: readonly [TestApi, Replica];
  readonly #state: TemporaryDirectory;
  readonly #machines: readonly Machine[];
  readonly #imageId: string;
  #turn = 0;
  #vms: string[] = [];
  #policies: string[] = [];
  /** What the watch has seen that may not be. */
  readonly #broken = new Set<string>();
  readonly #watch: NodeJS.Timeout;
  /** Guests seen to run, so that a test knows that there was something to see. */
  readonly seen = new Set<string>();

  static async start(): Promise<Fleet> {
    const first = await startApi(LEASE);
    const second = await secondReplica(first, LEASE);
    const machines: Machine[] = [];
    for (const index of KERNELS.keys()) {
      const { body } = await first.request('POST', '/v1/enrolment-tokens', { body: {} });
      machines.push(new Machine(`host-${index}`, body.token));
    }
    const fleet = new Fleet([first, second], machines, await makeImage(first, '7.3.0'));
    for (const [index, kernel] of KERNELS.entries()) await fleet.#boot(index, kernel);
    return fleet;
  }

  constructor(replicas: readonly [TestApi, Replica], machines: readonly Machine[], imageId: string) {
    this.replicas = replicas;
    this.#machines = machines;
    this.#imageId = imageId;
    this.#state = temporaryDirectory();
    this.#watch = setInterval(() => this.#look(), WATCH_MS);
  }

  /** To each replica in turn. @throws when the API has no answer to give */
  async request(
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    this.#turn += 1;
    const answer = await this.replicas[this.#turn % 2 === 0 ? 0 : 1].request(method, path, {
      ...(body === undefined ? {} : { body }),
      headers,
    });
    if (answer.status >= 500) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer;
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'create': {
        const { psci, team, disk, size, run } = step;
        if (this.#vms.length >= MOST_VMS) return;
        const disks = disk ? [{ name: 'swap', sizeMiB: 8 }] : [];
        const powerState = run ? 'running' : 'stopped';
        const shape = { vcpus: size, memoryMiB: 128 * size, disks, labels: { team }, psci, powerState };
        const { body } = await this.request('POST', '/v1/vms', vmBody(this.#imageId, shape));
        this.#vms.push(body.id);
        return;
      }
      case 'act':
        await this.#onVm(step.vm, (id) => this.request('POST', `/v1/vms/${id}/${step.action}`, {}));
        return;
      case 'guest':
        await this.#onVm(step.vm, async (id) => {
          const sim = await this.#hostOf(id);
          sim?.guest(id)?.does(step.deed);
        });
        return;
      case 'repin':
        await this.#onVm(step.vm, (id) => this.request('PATCH', `/v1/vms/${id}`, { psci: step.psci }));
        return;
      case 'delete':
        await this.#onVm(step.vm, (id) => this.request('DELETE', `/v1/vms/${id}`));
        return;
      case 'startAll':
        await Promise.all(this.#vms.map((id) => this.request('POST', `/v1/vms/${id}/start`, {})));
        return;
      case 'cordon':
      case 'uncordon':
        await this.#onHost(step.host, async ({ sim }) => {
          if (sim !== null) await this.request('POST', `/v1/hosts/${sim.id}/${step.do}`, {});
        });
        return;
      case 'crash':
        await this.#onHost(step.host, (machine) => crash(machine));
        return;
      case 'boot': {
        const index = step.host % this.#machines.length;
        const kernel = index === CHANGING ? step.kernel : KERNELS[index];
        if (this.#machines[index]?.sim === null && kernel !== undefined) await this.#boot(index, kernel);
        return;
      }
      case 'policy':
        await this.#makePolicy(step.team, step.version);
        return;
      case 'nap':
        await this.#onVm(step.vm, async (id) => {
          await this.request('POST', `/v1/vms/${id}/start`, {});
          const sim = await this.#hostOf(id);
          if (sim === null) return;
          sim.guest(id)?.does('hibernate');
          for (let looks = 0; looks < LOOKS_FOR_A_GUEST && (await this.#phase(id)) === 'running'; looks += 1)
            await sleep(20);
          const { body } = await this.request('GET', `/v1/vms/${id}`);
          if (body.labels !== undefined) await this.#makePolicy(body.labels.team, step.version);
          await this.request('POST', `/v1/vms/${id}/start`, {});
        });
        return;
      case 'dropPolicy': {
        const id = this.#policies[step.policy % Math.max(1, this.#policies.length)];
        if (id !== undefined) await this.#dropPolicy(id);
        return;
      }
      case 'restart':
        await this.replicas[step.replica].restart();
        return;
      case 'wait':
        await sleep(step.milliseconds);
    }
  }

  /** Brings every host back, ends every guest, and waits until all that happened is told. */
  async settle(): Promise<void> {
    for (const [index, { sim }] of this.#machines.entries()) {
      if (sim === null) await this.#boot(index, KERNELS[index] ?? '6.1');
      await this.request('POST', `/v1/hosts/${this.#machines[index]?.sim?.id}/uncordon`, {});
    }
    const settled = async (): Promise<boolean> => {
      await sleep(200);
      const phases = await Promise.all(this.#vms.map(async (id) => [id, await this.#phase(id)] as const));
      const left = phases.filter(([, phase]) => !['stopped', 'failed', 'hibernated', null].includes(phase));
      await Promise.all(left.map(([id]) => this.request('POST', `/v1/vms/${id}/kill`, {})));
      return left.length === 0;
    };
    await until('no VM has a run', settled, LONGEST_SETTLING_MS);
    for (const id of [...this.#policies]) await this.#dropPolicy(id);
  }

  /** What was seen that may not be; then the VMs are forgotten. */
  async verdict(): Promise<string[]> {
    const vms = this.#vms;
    this.#vms = [];
    const found = [...this.#broken];
    this.#broken.clear();
    return [...found, ...(await Promise.all(vms.map((id) => this.#judgeEvents(id)))).flat()];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#watch);
    for (const machine of this.#machines) await crash(machine);
    await this.replicas[1][Symbol.asyncDispose]();
    await this.replicas[0][Symbol.asyncDispose]();
    this.#state[Symbol.dispose]();
  }

  /** At one moment: where guests run, under which pin, and how much they take. */
  #look(): void {
    const runs = this.#machines.flatMap(({ name, sim }) =>
      sim === null ? [] : sim.running().map((spec) => ({ name, sim, spec })),
    );
    for (const { name, sim, spec } of runs) {
      this.seen.add(spec.runId);
      if (!sim.facts.psci.accepted.includes(spec.psci))
        this.#broken.add(
          `VM ${spec.vmId} runs at ${spec.psci} on ${name}, whose kernel is ${sim.facts.kernel}`,
        );
    }
    for (const [vmId, of] of Map.groupBy(runs, ({ spec }) => spec.vmId)) {
      if (of.length > 1) this.#broken.add(`VM ${vmId} runs on ${of.map(({ name }) => name).join(' and ')}`);
    }
    for (const [name, of] of Map.groupBy(runs, (run) => run.name)) {
      const sum = (field: 'vcpus' | 'memoryMiB') => of.reduce((total, { spec }) => total + spec[field], 0);
      if (sum('vcpus') > CAPACITY.vcpus || sum('memoryMiB') > CAPACITY.memoryMiB)
        this.#broken.add(`${name} runs ${sum('vcpus')} vCPUs and ${sum('memoryMiB')} MiB`);
    }
  }

  /** What placement has given, as the database has it. */
  async reservations(): Promise<string[]> {
    return [...(await this.#overcommitted()), ...(await this.#misplaced())];
  }

  async #misplaced(): Promise<string[]> {
    const { rows } = await this.replicas[0].control.pool.query<{ name: string; id: string; version: string }>(
      `SELECT h.name, v.id, v.psci_effective AS version FROM vms v JOIN hosts h ON h.id = v.host_id
       WHERE v.run_id IS NOT NULL AND h.name <> $1 AND NOT v.psci_effective = ANY(h.psci_accepted)`,
      [this.#machines[CHANGING]?.name],
    );
    return rows.map(({ name, id, version }) => `VM ${id} was placed at ${version} on ${name}`);
  }

  async #overcommitted(): Promise<string[]> {
    const { rows } = await this.replicas[0].control.pool.query<{
      name: string;
      vcpus: number;
      memory: number;
    }>(
      `SELECT h.name, sum(v.vcpus)::int AS vcpus, sum(v.memory_mib)::int AS memory
       FROM vms v JOIN hosts h ON h.id = v.host_id WHERE v.run_id IS NOT NULL GROUP BY h.id
       HAVING sum(v.vcpus) > h.capacity_vcpus OR sum(v.memory_mib) > h.capacity_memory_mib`,
    );
    return rows.map(({ name, vcpus, memory }) => `${name} has given ${vcpus} vCPUs and ${memory} MiB`);
  }

  /** The whole record of one VM, once all of it is there. */
  async #judgeEvents(vmId: string): Promise<string[]> {
    const { rows } = await this.replicas[0].control.pool.query<{
      runId: string;
      hostId: string;
      bootId: string;
      sequence: number;
      kind: string;
      version: string | null;
      hibernation: string | null;
    }>(
      `SELECT run_id AS "runId", host_id AS "hostId", boot_id AS "bootId", sequence, kind, hibernation,
         psci->>'version' AS version FROM events WHERE vm_id = $1 ORDER BY run_id, sequence`,
      [vmId],
    );
    const broken: string[] = [];
    let last: (typeof rows)[number] | null = null;
    for (const [runId, events] of Map.groupBy(rows, (row) => row.runId)) {
      const first = events[0];
      if (first === undefined) continue;
      const say = (what: string): void => void broken.push(`VM ${vmId}, run ${runId}: ${what}`);
      if (new Set(events.map(({ hostId }) => hostId)).size > 1) say('was on two hosts');
      if (new Set(events.map(({ version }) => version)).size > 1) say('had two pins');
      if (events.some(({ sequence }, index) => sequence !== index + 1)) say('has a gap or a repetition');
      const sleeping = last?.hibernation === 'yes' || last?.hibernation === 'unknown';
      if (sleeping && last?.version !== first.version)
        say(`began at ${first.version} after its guest may have hibernated at ${last?.version}`);
      last = events.at(-1) ?? null;
    }
    return broken;
  }

  /** Where a VM runs, once its guest is there; null for one that has no run, or whose host does not take it up. */
  async #hostOf(id: string): Promise<SimHost | null> {
    for (let looks = 0; looks < LOOKS_FOR_A_GUEST; looks += 1) {
      const { body } = await this.request('GET', `/v1/vms/${id}`);
      if (!['starting', 'running', 'paused'].includes(body.phase)) return null;
      const found = this.#machines.find(({ sim }) => sim?.guest(id)?.up === true)?.sim;
      if (found !== undefined && found !== null) return found;
      await sleep(20);
    }
    return null;
  }

  async #phase(id: string): Promise<string | null> {
    const { status, body } = await this.request('GET', `/v1/vms/${id}`);
    return status === 404 ? null : body.phase;
  }

  async #makePolicy(team: string, version: string): Promise<void> {
    const name = `policy-${this.#turn}`;
    const fields = { selector: { team }, version, priority: this.#turn, enforcement: 'enforce' };
    const { status, body } = await this.request('POST', '/v1/psci-policies', { name, ...fields });
    if (status === 201) this.#policies.push(body.id);
  }

  async #dropPolicy(id: string): Promise<void> {
    this.#policies = this.#policies.filter((policy) => policy !== id);
    const { headers } = await this.request('GET', `/v1/psci-policies/${id}`);
    await this.request('DELETE', `/v1/psci-policies/${id}`, undefined, {
      'if-match': headers.get('etag') ?? '',
    });
  }

  async #boot(index: number, kernel: SimKernel): Promise<void> {
    const machine = this.#machines[index];
    if (machine === undefined) return;
    const { name, token } = machine;
    const options = { name, kernel, capacity: CAPACITY, labels: {}, enrolmentToken: token, log };
    const api = this.replicas[index % 2 === 0 ? 0 : 1].url;
    const state = join(this.#state.path, name);
    machine.sim = await SimHost.boot({ ...options, api, state }, new AbortController().signal);
    machine.sim?.start();
  }

  async #onVm(number: number, act: (id: string) => Promise<unknown>): Promise<void> {
    const id = this.#vms[number % Math.max(1, this.#vms.length)];
    if (id !== undefined) await act(id);
  }

  async #onHost(number: number, act: (machine: Machine) => Promise<void>): Promise<void> {
    const machine = this.#machines[number % this.#machines.length];
    if (machine !== undefined) await act(machine);
  }
}

async function crash(machine: Machine): Promise<void> {
  await machine.sim?.crash();
  machine.sim = null;
}
