/** The VMs of a simulated host, as a supervisor has them: those assigned to it, and those of which something is left. */
import type { Assignment, HeartbeatRequest } from '../wire/agent.ts';
import type { SimGuest } from './guest.ts';
import type { JournalLine } from './journal.ts';
import type { SimRun } from './run.ts';
import { SimVm, type SimVmContext } from './vm.ts';

export class SimVms {
  readonly #context: SimVmContext;
  readonly #vms = new Map<string, SimVm>();

  /** Takes up what is in the host's journal: what ran was lost with the process that ran it. */
  constructor(context: SimVmContext, found: readonly JournalLine[]) {
    this.#context = context;
    const runs = new Map<string, SimRun>();
    for (const line of found) {
      if (line.do === 'create') runs.set(line.runId, this.#vm(line.run.vmId).open(line.run));
      else runs.get(line.runId)?.recall(line);
    }
    for (const vm of this.#vms.values()) vm.wake();
  }

  assign(assignments: readonly Assignment[]): void {
    const wanted = new Map(assignments.map((assignment) => [assignment.vmId, assignment]));
    for (const vmId of wanted.keys()) this.#vm(vmId);
    for (const [vmId, vm] of this.#vms) {
      vm.want(wanted.get(vmId) ?? null);
      if (vm.gone) this.#vms.delete(vmId);
    }
  }

  observed(): HeartbeatRequest['vms'] {
    return [...this.#vms.values()].map((vm) => vm.observed);
  }

  /** Every run, those of a VM together and oldest first. */
  runs(): SimRun[] {
    return [...this.#vms.values()].flatMap((vm) => [...vm.runs.values()]);
  }

  /** The guest that runs of a VM. */
  guest(vmId: string): SimGuest | null {
    const runs = this.#vms.get(vmId)?.runs.values() ?? [];
    return [...runs].findLast((run) => run.guest !== null)?.guest ?? null;
  }

  wake(vmId: string): void {
    this.#vms.get(vmId)?.wake();
  }

  vanish(): void {
    for (const vm of this.#vms.values()) vm.vanish();
  }

  #vm(vmId: string): SimVm {
    let vm = this.#vms.get(vmId);
    if (vm === undefined) {
      vm = new SimVm(vmId, this.#context);
      this.#vms.set(vmId, vm);
    }
    return vm;
  }
}
