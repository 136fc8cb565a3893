/**
 * Guests on protocol hosts that do what they are asked, one pass at a time: a start runs, a stop powers off, a
 * hibernation hibernates. A test says which of them do otherwise.
 */
import type { RunRequest, RunSpec } from '../../src/wire/agent.ts';
import type { EventRecord } from '../../src/wire/event.ts';
import { type ProtocolHost, Run } from './protocol-host.ts';

const HEARTBEAT_MS = 2_000;

export interface Behaviour {
  /** What becomes of a run that begins; default: it runs. */
  boot?(spec: RunSpec): 'runs' | 'powers off' | 'resets' | 'hangs' | 'fails';
  /** Whether the guest answers a request that is no kill; default: it does. */
  answers?(spec: RunSpec, request: RunRequest): boolean;
}

export class SimpleGuests {
  readonly hosts: ProtocolHost[];
  behaviour: Behaviour;
  /** The PSCI version of every boot, by VM. */
  readonly boots = new Map<string, string[]>();
  readonly #runs = new Map<string, Run>();
  readonly #answered = new Set<string>();
  readonly #beats = new Map<string, number>();

  constructor(hosts: ProtocolHost[], behaviour: Behaviour = {}) {
    this.hosts = hosts;
    this.behaviour = behaviour;
  }

  /** Lets every host hear what is wanted and do it. */
  async turn(): Promise<void> {
    for (const host of this.hosts) {
      await this.#keepLease(host);
      for (const { run, requests } of (await host.assignments('?wait=0')).vms) {
        if (run === null) continue;
        const known = this.#runs.get(run.runId) ?? (await this.#begin(host, run));
        for (const request of requests) await this.#answer(known, request);
      }
    }
  }

  async #keepLease(host: ProtocolHost): Promise<void> {
    if (Date.now() - (this.#beats.get(host.id) ?? 0) < HEARTBEAT_MS) return;
    this.#beats.set(host.id, Date.now());
    await host.heartbeat();
  }

  /** Passes until `done` answers something. */
  async until<T>(what: string, done: () => Promise<T | null | undefined | false>): Promise<T> {
    for (const deadline = Date.now() + 60_000; ; ) {
      await this.turn();
      const found = await done();
      if (found !== null && found !== undefined && found !== false) return found;
      if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async #begin(host: ProtocolHost, spec: RunSpec): Promise<Run> {
    const run = new Run(host, spec);
    this.#runs.set(spec.runId, run);
    const boot = this.behaviour.boot?.(spec) ?? 'runs';
    if (boot === 'hangs') return run;
    if (boot === 'fails') {
      await host.report(spec.operationId, 'failed', { code: 'WORKER_FAILED', detail: 'no such thing' });
      return run;
    }
    this.boots.set(spec.vmId, [...(this.boots.get(spec.vmId) ?? []), spec.psci]);
    // What it does at once comes in one delivery, so that nobody sees it in between.
    const then = { runs: [], 'powers off': ['poweroff'], resets: ['reset', 'started'] } as const;
    const records = [run.started()];
    for (const kind of then[boot]) {
      records.push(
        kind === 'poweroff' ? run.poweroff() : kind === 'reset' ? run.record('reset') : run.started(),
      );
    }
    await this.#tell(run, ...records);
    return run;
  }

  async #answer(run: Run, request: RunRequest): Promise<void> {
    if (this.#answered.has(request.operationId)) return;
    this.#answered.add(request.operationId);
    const { kind, operationId, intentId } = request;
    if (kind !== 'kill' && this.behaviour.answers?.(run.spec, request) === false) {
      if (request.force) return this.#tell(run, run.record('killed', { intentIds: [intentId], final: true }));
      const error = { code: 'GUEST_DID_NOT_RESPOND', detail: 'The guest did not answer.' };
      await run.host.report(operationId, 'failed', error);
      return;
    }
    if (kind === 'pause') await this.#tell(run, run.record('paused', { intentIds: [intentId] }));
    if (kind === 'stop') await this.#tell(run, run.poweroff([intentId]));
    if (kind === 'hibernate') await this.#tell(run, run.hibernate([intentId]));
    if (kind === 'kill') {
      await this.#tell(run, run.record('killed', { intentIds: [intentId], final: true }));
    }
  }

  /** As an agent does: until it is settled. */
  async #tell(run: Run, ...records: EventRecord[]): Promise<void> {
    for (;;) {
      const answer = await run.host.deliver(...records).catch(() => null);
      if (answer?.status === 200) return;
      if (answer !== null && answer.status < 500) throw new Error(JSON.stringify(answer.body));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
