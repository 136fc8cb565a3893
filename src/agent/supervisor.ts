/**
 * Every VM of this host. At its start it knows what its state directory says: workers that live are adopted, journals
 * of dead ones are finished. What to begin and what to end it knows from the first assignments on, never from silence.
 */
import type { Assignment, HeartbeatRequest } from '../wire/agent.ts';
import type { Run } from './run.ts';
import { Vm, type VmContext } from './vm.ts';

/** How often everything is looked at again, whatever was or was not heard. */
const TICK_MS = 2_000;

export class Supervisor {
  readonly #context: VmContext;
  readonly #vms = new Map<string, Vm>();
  #timer: NodeJS.Timeout | undefined;

  constructor(context: VmContext) {
    this.#context = context;
  }

  start(): void {
    for (const vmId of this.#context.store.vmIds()) this.#vm(vmId);
    for (const vm of this.#vms.values()) vm.wake();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  /** All assignments of this host: a VM that is not among them is not wanted here. */
  assign(assignments: readonly Assignment[]): void {
    const wanted = new Map(assignments.map((assignment) => [assignment.vmId, assignment]));
    for (const vmId of wanted.keys()) this.#vm(vmId);
    for (const [vmId, vm] of this.#vms) vm.want(wanted.get(vmId) ?? null);
  }

  /** Every run directory, the runs of a VM together and oldest first. */
  runs(): Run[] {
    return [...this.#vms.values()].flatMap((vm) => vm.runs);
  }

  /** Whether no run directory is left out of `runs` because it cannot be read. */
  get readsAll(): boolean {
    return [...this.#vms.values()].every((vm) => vm.readsAll);
  }

  run(vmId: string, runId: string): Run | null {
    return this.#vms.get(vmId)?.runs.find((run) => run.runId === runId) ?? null;
  }

  observed(): HeartbeatRequest['vms'] {
    return [...this.#vms.values()].map((vm) => ({
      vmId: vm.vmId,
      runId: vm.currentRun?.runId ?? null,
      observedGeneration: vm.observedGeneration,
    }));
  }

  wake(vmId: string): void {
    this.#vms.get(vmId)?.wake();
  }

  /** Stops looking after workers; they go on. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([...this.#vms.values()].map((vm) => vm.close()));
  }

  #tick(): void {
    for (const [vmId, vm] of this.#vms) {
      if (vm.gone) this.#vms.delete(vmId);
      else if (!vm.settled) vm.wake();
    }
  }

  #vm(vmId: string): Vm {
    let vm = this.#vms.get(vmId);
    if (vm === undefined) {
      vm = new Vm(vmId, this.#context);
      this.#vms.set(vmId, vm);
    }
    return vm;
  }
}
