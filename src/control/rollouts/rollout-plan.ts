/**
 * What a rollout does next with each of its VMs. Pure: rollout-look.ts reads what is known and does what is said here.
 *
 *               its wave is on, and it runs             it is off                  restart: false, or it waits for a host
 *   waiting ─────────────┬──────────────────────────────▶ set                        ┌──▶ armed
 *      │                 └──(restart, a free slot)──▶ stopping ──it is off──┐        │      │
 *      │ cannot be moved                                 │ keeps running    ▼ started, by whomever: the new pin holds
 *      └──────────────▶ skipped ◀────────────────────────┘               booting
 *                                                                           │ runs, and its probe passes
 *            others stopped it ── unproven ◀────────────────────────────────┤
 *                                    │                                   watching
 *        failed: its guest ended,    │                                      │ stays up for `upSeconds`
 *        did not come or went ◀──────│──────────────────────────────────────┤
 *               │                    │                                   healthy (watched on while the wave soaks)
 *               ▼                    │ the rollout is rolled back           │
 *           reverting ◀──────────────┴──────────────────────────────────────┘ set, too
 *               ├──runs on: at its next cold boot──▶ revertAtBoot
 *               └──off: started with its former request──▶ returning ──runs──▶ reverted
 *
 * A pin changes only where a guest boots cold: in the transaction that starts the VM (rollout-boot.ts), or, for one that
 * is off and stays off, in its row. One VM that failed goes back at once; `failureThreshold` is about the others.
 */
import type { VmPolicy } from '../../psci/policy.ts';
import type { Hibernation } from '../../psci/system-event.ts';
import type { PsciVersion } from '../../psci/versions.ts';
import type { EventKind } from '../../wire/event.ts';
import type { OperationStatus } from '../operations/operations.ts';
import type { Initiator, VmPhase } from '../vms/vm-phase.ts';

export const ROLLOUT_STATUSES = ['running', 'paused', 'rollingBack', 'succeeded', 'rolledBack'] as const;
export type RolloutStatus = (typeof ROLLOUT_STATUSES)[number];

export const ROLLOUT_VM_STATES = [
  'waiting',
  'armed',
  'stopping',
  'booting',
  'watching',
  'healthy',
  'set',
  'unproven',
  'skipped',
  'reverting',
  'returning',
  'reverted',
  'revertAtBoot',
] as const;
export type RolloutVmState = (typeof ROLLOUT_VM_STATES)[number];

/** Down for the rollout or not yet proven: what `maxUnavailable` counts. */
export const IN_FLIGHT: readonly RolloutVmState[] = [
  'stopping',
  'booting',
  'watching',
  'reverting',
  'returning',
];
/** Nothing more is to come of these by themselves. */
export const SETTLED: readonly RolloutVmState[] = [
  'healthy',
  'set',
  'unproven',
  'skipped',
  'reverted',
  'revertAtBoot',
];

/** What a VM asks for of `psci`: the part that a rollout changes. */
export interface PsciChoice {
  readonly policy: VmPolicy;
  readonly version: PsciVersion | null;
  readonly allowInsecure: boolean;
}

export type Probe =
  | { readonly http: { readonly url: string; readonly status?: number } }
  | { readonly tcp: { readonly host: string; readonly port: number } };

export interface Health {
  readonly bootTimeoutSeconds: number;
  readonly upSeconds: number;
  readonly probe: Probe | null;
}

export interface Wave {
  readonly percent?: number;
  readonly count?: number;
  readonly soakSeconds: number;
}

/** The part of a rollout that its steps depend on. */
export interface RolloutRules {
  readonly target: PsciChoice;
  readonly restart: boolean;
  readonly health: Health;
}

export interface RolloutVmRow {
  readonly state: RolloutVmState;
  readonly failure: string | null;
  /** Null until the VM's request was changed. */
  readonly former: PsciChoice | null;
  readonly wasRunning: boolean;
  readonly operationId: string | null;
  readonly runId: string | null;
  /** How long it has been in its state. */
  readonly seconds: number;
}

/** What is known of the VM now. */
export interface VmFacts {
  readonly phase: VmPhase;
  readonly runId: string | null;
  readonly hibernation: Hibernation | null;
  readonly restoring: boolean;
  readonly deleting: boolean;
  readonly request: PsciChoice;
  /** Whether an operation on it is open. */
  readonly open: boolean;
  /** What has become of `row.operationId`. */
  readonly operation: { readonly status: OperationStatus; readonly detail: string | null } | null;
  /** The newest event of `row.runId`; its last where that run has ended. */
  readonly last: { readonly kind: EventKind; readonly initiator: Initiator } | null;
  /** What the guest did in `row.runId` after which it booted again. */
  readonly interrupted: EventKind | null;
}

export type Step =
  /** Nothing now; `why` where a person would ask. */
  | { readonly do: 'wait'; readonly why: string | null }
  | { readonly do: 'skip'; readonly why: string }
  /** The VM is off: its row gets the new request. */
  | { readonly do: 'set' }
  /** Its next cold boot has the new request. */
  | { readonly do: 'arm' }
  | { readonly do: 'stop'; readonly force: boolean }
  | { readonly do: 'kill' }
  /** `skip`: with what it had, and no more is done with it. */
  | { readonly do: 'start'; readonly skip: string | null }
  /** Its host took the run along, and it runs anew. */
  | { readonly do: 'follow'; readonly runId: string }
  | { readonly do: 'watch' }
  | { readonly do: 'healthy' }
  | { readonly do: 'unproven'; readonly why: string }
  | { readonly do: 'fail'; readonly why: string }
  /** The VM is off: its row gets the former request. */
  | { readonly do: 'restore' }
  | { readonly do: 'revertAtBoot'; readonly why: string }
  | { readonly do: 'reverted'; readonly why: string | null };

export const WAITS_FOR_HOST = 'Its start waits for a host.';

const wait = (why: string | null = null): Step => ({ do: 'wait', why });

/** How many VMs each wave has, of `total`: what it asks for of what is left, at least one; the last has the rest. */
export function waveSizes(waves: readonly Wave[], total: number): number[] {
  let left = total;
  return waves.map(({ percent, count }, index) => {
    const asked =
      index === waves.length - 1 ? left : (count ?? Math.max(1, Math.round((total * (percent ?? 0)) / 100)));
    const size = Math.min(left, asked);
    left -= size;
    return size;
  });
}

export function sameChoice(a: PsciChoice, b: PsciChoice): boolean {
  return a.policy === b.policy && a.version === b.version;
}

/** Why the VM's next boot is not a cold one; null when it is. Only of a VM without a run. */
export function whyNotCold(vm: Pick<VmFacts, 'hibernation' | 'restoring'>): string | null {
  if (vm.restoring) return 'It goes on from a snapshot at its next start, with the firmware its guest knew.';
  if (vm.hibernation === 'yes') return 'It is hibernated: its guest resumes with what it knew of PSCI.';
  if (vm.hibernation === 'unknown') return 'It is off, and whether its guest hibernated is not known.';
  return null;
}

/** `probe`: whether it passed just now; null when there is none or it was not asked. `vm`: null when it is deleted. */
export function nextStep(
  rules: RolloutRules,
  row: RolloutVmRow,
  vm: VmFacts | null,
  probe: boolean | null,
): Step {
  if (SETTLED.includes(row.state) && row.state !== 'healthy') return wait();
  if (vm === null || vm.deleting) {
    return row.state === 'healthy' ? wait() : { do: 'skip', why: 'It has been deleted.' };
  }
  switch (row.state) {
    case 'waiting':
      return take(rules, vm);
    case 'armed':
      return vm.runId === null && whyNotCold(vm) !== null
        ? { do: 'skip', why: whyNotCold(vm) ?? '' }
        : wait();
    case 'stopping':
      return afterStop(vm);
    case 'reverting':
      return revert(rules, row, vm);
    case 'returning':
      return comeBack(row, vm);
    default:
      return judge(rules, row, vm, probe);
  }
}

function take({ target, restart }: RolloutRules, vm: VmFacts): Step {
  if (sameChoice(vm.request, target)) return { do: 'skip', why: 'It has this request already.' };
  if (vm.phase === 'unknown') return wait('Its host is silent.');
  if (vm.runId === null) {
    const why = whyNotCold(vm);
    if (why !== null) return { do: 'skip', why };
    if (vm.phase === 'pending') return { do: 'arm' };
    return vm.open ? wait('An operation on it is open.') : { do: 'set' };
  }
  if (!restart) return { do: 'arm' };
  if (vm.phase !== 'running') return wait(`It is ${vm.phase}; it is restarted when it runs.`);
  return vm.open ? wait('An operation on it is open.') : { do: 'stop', force: false };
}

function afterStop(vm: VmFacts): Step {
  if (vm.open) return wait(vm.phase === 'pending' ? WAITS_FOR_HOST : null);
  if (vm.runId !== null) {
    const why = vm.operation?.detail ?? 'Its stop came to nothing.';
    return { do: 'skip', why: `It runs on with what it has: ${why}` };
  }
  if (vm.operation?.status === 'cancelled') return { do: 'skip', why: 'Somebody else ended it.' };
  const why = whyNotCold(vm);
  return { do: 'start', skip: why === null ? null : `${why} It was started again with what it had.` };
}

function judge({ health }: RolloutRules, row: RolloutVmRow, vm: VmFacts, probe: boolean | null): Step {
  if (vm.runId !== row.runId) return judgeEnd(row, vm);
  if (vm.interrupted !== null)
    return { do: 'fail', why: `Its guest ended by ${vm.interrupted} and booted again.` };
  if (row.state === 'healthy') return wait();
  if (vm.phase === 'unknown') return wait('Its host is silent.');
  const probed = health.probe === null || probe === true;
  if (row.state === 'watching') {
    if (row.seconds < health.upSeconds) return wait();
    return probed
      ? { do: 'healthy' }
      : { do: 'fail', why: `Its probe failed after it had been up for ${health.upSeconds} s.` };
  }
  const runs = vm.phase === 'running' || vm.phase === 'paused';
  if (runs && probed) return { do: 'watch' };
  if (row.seconds < health.bootTimeoutSeconds) return wait();
  const what = runs ? 'its probe had not passed' : 'it did not run';
  return { do: 'fail', why: `${health.bootTimeoutSeconds} s after its start ${what}.` };
}

/** The run that was to prove the pin is over. */
function judgeEnd(row: RolloutVmRow, vm: VmFacts): Step {
  const { last, operation } = vm;
  if (last === null) {
    if (operation?.status === 'failed')
      return { do: 'fail', why: `It could not be started: ${operation.detail}` };
    return { do: 'unproven', why: 'Its start was taken back.' };
  }
  if (last.kind === 'lost' && last.initiator === 'host') {
    if (vm.runId !== null) return { do: 'follow', runId: vm.runId };
    if (vm.phase === 'pending') return wait('Its host rebooted; it is started again.');
  }
  const byOthers = last.initiator !== 'guest' && last.initiator !== 'host';
  if (row.state === 'healthy' && (byOthers || last.kind === 'poweroff' || last.kind === 'hibernate'))
    return wait();
  if (byOthers || last.kind === 'hibernate' || last.kind === 'lost') {
    return { do: 'unproven', why: `It ended by ${last.kind} (${last.initiator}) before it was proven.` };
  }
  return { do: 'fail', why: `It ended by ${last.kind} (${last.initiator}).` };
}

function revert(rules: RolloutRules, row: RolloutVmRow, vm: VmFacts): Step {
  if (vm.phase === 'unknown') return wait('Its host is silent.');
  const unwell = row.failure !== null;
  // A guest that never got to run holds its start open.
  if (unwell && vm.phase === 'starting' && row.operationId === null && row.former !== null)
    return { do: 'kill' };
  if (vm.open) return wait(vm.phase === 'pending' ? WAITS_FOR_HOST : null);
  if (row.former !== null && !sameChoice(vm.request, rules.target)) {
    return { do: 'reverted', why: 'Somebody else has changed its request since; that stands.' };
  }
  if (vm.runId !== null) {
    if (row.former === null) return { do: 'skip', why: 'The rollout was rolled back before it was changed.' };
    if (!unwell && !rules.restart) return { do: 'revertAtBoot', why: 'It goes back at its next cold boot.' };
    if (row.operationId !== null) {
      return {
        do: 'revertAtBoot',
        why: 'It did not power off when asked; it goes back at its next cold boot.',
      };
    }
    if (vm.phase === 'running') return { do: 'stop', force: unwell };
    return unwell
      ? { do: 'kill' }
      : { do: 'revertAtBoot', why: `It is ${vm.phase}; it goes back at its next cold boot.` };
  }
  const why = whyNotCold(vm);
  if (why !== null) return { do: 'skip', why: `${why} It keeps what it has.` };
  const down = row.former === null || unwell ? row.wasRunning : row.operationId !== null;
  if (down) return { do: 'start', skip: null };
  return row.former === null
    ? { do: 'skip', why: 'The rollout was rolled back before it was changed.' }
    : { do: 'restore' };
}

function comeBack(row: RolloutVmRow, vm: VmFacts): Step {
  if (vm.phase === 'unknown') return wait('Its host is silent.');
  if (vm.runId === row.runId && (vm.phase === 'starting' || vm.phase === 'pending')) return wait();
  if (vm.runId === row.runId) return { do: 'reverted', why: null };
  const detail =
    vm.operation?.status === 'failed' ? `It could not be started again: ${vm.operation.detail}` : null;
  return { do: 'reverted', why: detail };
}
