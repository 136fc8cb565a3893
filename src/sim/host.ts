/**
 * A simulated host: the agent's own enrolment, heartbeat, assignments and delivery over its own client, with simulated
 * guests in the place of workers. It is `simulated: true` wherever it shows, and runs nothing.
 */
import { join } from 'node:path';
import type { Logger } from 'pino';
import { v4 as uuidv4 } from 'uuid';
import { Assignments } from '../agent/assignments.ts';
import { pause } from '../agent/backoff.ts';
import { ApiClient } from '../agent/client.ts';
import { freeBytes } from '../agent/counters.ts';
import { Delivery } from '../agent/delivery.ts';
import { enrol, type Membership } from '../agent/enrol.ts';
import { heartbeat } from '../agent/heartbeat.ts';
import { forever } from '../agent/loop.ts';
import { Snapshots } from '../agent/snapshots.ts';
import { makeDirectory, Store } from '../agent/store.ts';
import type { DiskTransfer, HostCounters, HostFacts, RunSpec } from '../wire/agent.ts';
import type { SimGuest } from './guest.ts';
import { HostJournal } from './journal.ts';
import { type SimKernel, simFacts, simFingerprint, simFirmware } from './kernels.ts';
import { SimSaves } from './saves.ts';
import { SimVms } from './vms.ts';

const JOURNAL_FILE = 'journal.jsonl';
/** The longest time that a timer takes. */
const FOR_EVER_MS = 2 ** 31 - 1;

export interface SimHostOptions {
  /** Without a trailing slash. */
  readonly api: string;
  /** Of this host alone; what it knows is kept there. */
  readonly state: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly kernel: SimKernel;
  readonly capacity: HostFacts['capacity'];
  /** For the first time. */
  readonly enrolmentToken: string | null;
  readonly log: Logger;
}

export class SimHost {
  readonly id: string;
  readonly name: string;
  readonly facts: HostFacts;
  readonly #client: ApiClient;
  readonly #journal: HostJournal;
  readonly #vms: SimVms;
  readonly #delivery: Delivery;
  readonly #snapshots: Snapshots;
  readonly #log: Logger;
  readonly #kernel: SimKernel;
  readonly #state: string;
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  /** One more boot of the host. @returns null when the signal was raised first. @throws ConfigError */
  static async boot(options: SimHostOptions, signal: AbortSignal): Promise<SimHost | null> {
    const { state, kernel, capacity, log } = options;
    makeDirectory(state);
    const facts = simFacts(kernel, capacity, uuidv4());
    const membership = await enrol(
      new Store(state),
      { ...options, enrolmentTokenFile: null, facts },
      log,
      signal,
    );
    return membership === null ? null : new SimHost(options, membership, facts);
  }

  private constructor(options: SimHostOptions, { hostId, credential }: Membership, facts: HostFacts) {
    const { api, state, name, kernel, log } = options;
    this.id = hostId;
    this.name = name;
    this.facts = facts;
    this.#kernel = kernel;
    this.#state = state;
    this.#log = log.child({ host: name });
    this.#client = new ApiClient(api, credential);
    this.#journal = HostJournal.open(join(state, JOURNAL_FILE));
    this.#delivery = new Delivery(
      this.#client,
      () => this.#vms.runs(),
      (vmId) => {
        this.#vms.wake(vmId);
        this.#snapshots.wake();
      },
      this.#log,
    );
    this.#snapshots = new Snapshots(
      this.#client,
      () => this.#vms.runs(),
      (vmId) => this.#vms.wake(vmId),
      this.#log,
    );
    const saves = new SimSaves(join(state, 'saved'));
    const context = {
      saves,
      transfer: (transfer: DiskTransfer) => this.#transfer(saves, transfer),
      journal: this.#journal,
      firmware: simFirmware(kernel, facts.bootId),
      onUndelivered: () => this.#delivery.wake(),
      report: (report: Parameters<Delivery['report']>[0]) => this.#delivery.report(report),
    };
    this.#vms = new SimVms(context, this.#journal.found);
  }

  /** Begins to speak to the API, until `crash`. */
  start(): void {
    const assignments = new Assignments(this.#client, this.#vms);
    const loop = (name: string, once: (signal: AbortSignal) => Promise<void>): Promise<void> =>
      forever(name, once, this.#log, this.#stop.signal);
    this.#running = Promise.all([
      loop('heartbeat', (ended) => this.#beat(ended)),
      loop('assignments', (ended) => assignments.once(ended)),
      loop('delivery', (ended) => this.#delivery.once(ended)),
      loop('snapshots', (ended) => this.#snapshots.once(ended)),
      loop('fingerprint', (ended) => this.#tellFingerprint(ended)),
    ]).then(() => undefined);
  }

  async #beat(signal: AbortSignal): Promise<void> {
    await heartbeat(
      this.#client,
      () => this.facts,
      this.#vms,
      signal,
      () => this.#counters(),
    );
  }

  /** Its workers are no processes, and use nothing. */
  #counters(): HostCounters {
    const runs = this.#vms.runs();
    return {
      workers: {
        alive: runs.filter(({ guest }) => guest !== null).length,
        ...{ started: 0, died: 0, residentBytes: 0, readBytes: 0, writtenBytes: 0 },
        cpuSeconds: { user: 0, system: 0, guest: 0 },
      },
      undeliveredEvents: runs.reduce((sum, { undelivered }) => sum + undelivered.length, 0),
      stateFreeBytes: freeBytes(this.#state),
    };
  }

  /** Once in each boot: it never changes within one. */
  async #tellFingerprint(signal: AbortSignal): Promise<void> {
    const { kernel, bootId } = this.facts;
    await this.#client.fingerprint({ kernel, bootId, ...simFingerprint(this.#kernel) }, signal);
    await pause(FOR_EVER_MS, signal);
  }

  async #transfer(saves: SimSaves, { operationId, digest, disks }: DiskTransfer): Promise<void> {
    if (digest !== null) return;
    const file = saves.save(operationId, { disks });
    await this.#client.disks(operationId, file.digest, saves.path(operationId), this.#stop.signal);
    saves.drop(operationId);
  }

  /** The guest that runs of a VM here, to have it do something. */
  guest(vmId: string): SimGuest | null {
    return this.#vms.guest(vmId);
  }

  /** The runs that have a guest here now. */
  running(): RunSpec[] {
    return this.#vms.runs().flatMap((run) => (run.guest?.up === true ? [run.spec] : []));
  }

  /** Power is lost: guests are gone without a word, and what the host was about to say is said after its next boot. */
  async crash(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.#vms.vanish();
    this.#stop.abort();
    await this.#running;
    this.#journal.close();
  }
}
