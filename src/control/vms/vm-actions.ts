/**
 * What a client may ask of a VM, by phase. One table, so that every refusal has one exact code and no pair is left to
 * chance; `null` is "allowed".
 */
import { Refusal, type RefusalCode } from '../refusals.ts';
import type { OperationKind, VmPhase } from './vm-phase.ts';

export const VM_ACTIONS = ['start', 'stop', 'kill', 'pause', 'resume', 'reset', 'hibernate'] as const;
export type VmAction = (typeof VM_ACTIONS)[number];

type ActionRefusal = Extract<
  RefusalCode,
  | 'HOST_UNREACHABLE'
  | 'OPERATION_IN_PROGRESS'
  | 'VM_ALREADY_PAUSED'
  | 'VM_ALREADY_RUNNING'
  | 'VM_DELETING'
  | 'VM_MIGRATING'
  | 'VM_NOT_PAUSED'
  | 'VM_NOT_RUNNING'
  | 'VM_PAUSED'
  | 'VM_RUNNING'
>;

type Row = Readonly<Record<VmPhase, ActionRefusal | null>>;

/** A guest is asked only while it runs; whoever runs no guest has nothing to ask. */
const ASK_RUNNING: Row = {
  pending: 'VM_NOT_RUNNING',
  starting: 'OPERATION_IN_PROGRESS',
  running: null,
  paused: 'VM_PAUSED',
  stopping: 'OPERATION_IN_PROGRESS',
  stopped: 'VM_NOT_RUNNING',
  hibernating: 'OPERATION_IN_PROGRESS',
  hibernated: 'VM_NOT_RUNNING',
  migrating: 'VM_MIGRATING',
  failed: 'VM_NOT_RUNNING',
  unknown: 'HOST_UNREACHABLE',
};

/** What can be asked of a VM: the actions, and what has a path of its own. */
export type VmRequest = VmAction | 'snapshot' | 'migrate' | 'delete';

export const ACTION_TABLE: Readonly<Record<VmRequest, Row>> = {
  start: {
    pending: 'OPERATION_IN_PROGRESS',
    starting: 'OPERATION_IN_PROGRESS',
    running: 'VM_ALREADY_RUNNING',
    paused: 'VM_PAUSED',
    stopping: 'OPERATION_IN_PROGRESS',
    stopped: null,
    hibernating: 'OPERATION_IN_PROGRESS',
    hibernated: null,
    migrating: 'VM_MIGRATING',
    failed: null,
    // Whether it runs there is not known, so it is started nowhere else.
    unknown: 'HOST_UNREACHABLE',
  },
  // Before a host is found there is no guest to ask: the start is taken back.
  stop: { ...ASK_RUNNING, pending: null },
  // Always possible while there is anything to end. On a silent host it waits for the host.
  kill: {
    pending: null,
    starting: null,
    running: null,
    paused: null,
    stopping: null,
    stopped: 'VM_NOT_RUNNING',
    hibernating: null,
    hibernated: 'VM_NOT_RUNNING',
    migrating: null,
    failed: 'VM_NOT_RUNNING',
    unknown: null,
  },
  pause: { ...ASK_RUNNING, paused: 'VM_ALREADY_PAUSED' },
  resume: { ...ASK_RUNNING, running: 'VM_NOT_PAUSED', paused: null },
  reset: ASK_RUNNING,
  hibernate: ASK_RUNNING,
  snapshot: { ...ASK_RUNNING, paused: null },
  // One that is off is moved with its disks.
  migrate: {
    pending: 'OPERATION_IN_PROGRESS',
    starting: 'OPERATION_IN_PROGRESS',
    running: null,
    paused: null,
    stopping: 'OPERATION_IN_PROGRESS',
    stopped: null,
    hibernating: 'OPERATION_IN_PROGRESS',
    hibernated: null,
    migrating: 'VM_MIGRATING',
    failed: null,
    unknown: 'HOST_UNREACHABLE',
  },
  delete: {
    pending: null,
    starting: 'VM_RUNNING',
    running: 'VM_RUNNING',
    paused: 'VM_RUNNING',
    stopping: 'VM_RUNNING',
    stopped: null,
    hibernating: 'VM_RUNNING',
    hibernated: null,
    migrating: 'VM_RUNNING',
    failed: null,
    unknown: 'VM_RUNNING',
  },
};

export interface OpenOperation {
  readonly id: string;
  readonly kind: OperationKind;
}

export interface ActionSubject {
  readonly name: string;
  readonly phase: VmPhase;
  readonly deleting: boolean;
  readonly open: OpenOperation | null;
}

/** Why `action` cannot be begun now, or null when it can. */
export function refusalOf(action: VmRequest, vm: ActionSubject): Refusal | null {
  if (vm.deleting && action !== 'delete')
    return new Refusal('VM_DELETING', `VM ${vm.name} is being deleted.`);
  const code = ACTION_TABLE[action][vm.phase];
  if (code !== null) return new Refusal(code, explain(code, action, vm));
  if (vm.open === null || endsOthers(action) || vm.phase === 'pending') return null;
  return new Refusal('OPERATION_IN_PROGRESS', explain('OPERATION_IN_PROGRESS', action, vm));
}

/** A VM has at most one open operation; these begin by ending another. */
export function endsOthers(action: VmRequest): boolean {
  return action === 'kill';
}

function explain(code: ActionRefusal, action: string, vm: ActionSubject): string {
  const name = `VM ${vm.name}`;
  switch (code) {
    case 'HOST_UNREACHABLE':
      return `The host of ${name} is silent, so what ${name} does now is not known. Try again when the host is back, or kill the VM: that is kept for the host.`;
    case 'OPERATION_IN_PROGRESS':
      return vm.open === null
        ? `${name} is ${vm.phase}. Wait until that is done, or kill the VM.`
        : `${name} has an open ${vm.open.kind} (/v1/operations/${vm.open.id}). Wait for it, cancel it, or kill the VM.`;
    case 'VM_ALREADY_PAUSED':
      return `${name} is paused already.`;
    case 'VM_ALREADY_RUNNING':
      return `${name} runs already.`;
    case 'VM_DELETING':
      return `${name} is being deleted.`;
    case 'VM_MIGRATING':
      return `${name} is on its way to another host. Try again when it has arrived.`;
    case 'VM_NOT_PAUSED':
      return `${name} is not paused.`;
    case 'VM_NOT_RUNNING':
      return `${name} is ${vm.phase}: there is no guest to ${action}. Start it first.`;
    case 'VM_PAUSED':
      return `${name} is paused, so its guest cannot answer. Resume it first, or kill it.`;
    case 'VM_RUNNING':
      return `${name} is ${vm.phase}. Stop or kill it first.`;
  }
}
