/**
 * What new events of one VM do to it and to its operations. Pure: event-ingest.ts reads what is needed, asks here, and
 * writes the answer, all in the transaction that inserts the events.
 */
import type { FirmwareAbi } from '../../psci/firmware.ts';
import type { Hibernation } from '../../psci/system-event.ts';
import type { PsciVersion } from '../../psci/versions.ts';
import type { EventRecord } from '../../wire/event.ts';
import { isPolicy } from '../identity/requesters.ts';
import { type Attribution, attribute, type Intent } from '../operations/intents.ts';
import { type Ending, operationProblem } from '../operations/operations.ts';
import { hibernationNote } from '../policies/pin.ts';
import {
  hibernationAfter,
  type OperationKind,
  outcomeOf,
  phaseOfRun,
  type StoredPhase,
} from '../vms/vm-phase.ts';

/** The part of a VM that its events change. */
export interface VmState {
  phase: StoredPhase;
  reason: string | null;
  powerState: 'running' | 'stopped';
  hibernation: Hibernation | null;
  runId: string | null;
  bootId: string | null;
  observedSequence: number;
  /** The interface recorded at the first boot, and what the current or last run had. */
  firmware: FirmwareAbi | null;
  firmwareRun: FirmwareAbi | null;
  /** The boot of a host's kernel in which the guest last started. */
  hostBootId: string | null;
  /** The next start goes on from a snapshot. */
  restoring: boolean;
}

/** An operation on the VM that is pending or running. */
export interface OpenVmOperation {
  readonly id: string;
  readonly kind: OperationKind;
  readonly runId: string | null;
  readonly requestedBy: string;
  /**
   * A `snapshot` whose guest has been saved: what is left is to bring the file. A `migrate` whose guest is in the store:
   * its host's end does not end it.
   */
  readonly saved: boolean;
}

export interface VmContext {
  /** Null when the VM is deleted already: its late events are still facts. */
  vm: VmState | null;
  open: readonly OpenVmOperation[];
  writableDisk: boolean;
  psciEffective: PsciVersion | null;
}

/** An event as it is stored. */
export interface JudgedEvent {
  readonly record: EventRecord;
  readonly attribution: Attribution;
  readonly hibernation: Hibernation | null;
}

export interface Effects {
  readonly events: JudgedEvent[];
  readonly vm: VmState | null;
  readonly endings: { operationId: string; ending: Ending }[];
  /** Runs that have ended by these events. */
  readonly endedRuns: string[];
  /** The VM is to be started again, since it was to run and its host's reboot took it along. */
  readonly restart: boolean;
}

/**
 * Judges `records`, all of one VM and not seen before. `intents` is updated: one that an event has consumed is not
 * there for the next. `classify` answers for `poweroff` and `hibernate` events whether the guest hibernated.
 */
export function judge(
  records: readonly EventRecord[],
  context: VmContext,
  intents: Map<string, Intent>,
  classify: (record: EventRecord) => Hibernation,
): Effects {
  const judgement = new Judgement(context, intents, classify);
  for (const record of [...records].sort((a, b) => a.sequence - b.sequence)) judgement.take(record);
  return judgement.effects();
}

class Judgement {
  readonly #context: VmContext;
  readonly #intents: Map<string, Intent>;
  readonly #classify: (record: EventRecord) => Hibernation;
  readonly #events: JudgedEvent[] = [];
  readonly #endings: { operationId: string; ending: Ending }[] = [];
  readonly #endedRuns: string[] = [];
  /** Operations whose guest was saved by these events. */
  readonly #saved = new Set<string>();
  #vm: VmState | null;
  #open: readonly OpenVmOperation[];
  #restart = false;

  constructor(
    context: VmContext,
    intents: Map<string, Intent>,
    classify: (record: EventRecord) => Hibernation,
  ) {
    this.#context = context;
    this.#intents = intents;
    this.#classify = classify;
    this.#vm = context.vm;
    this.#open = context.open;
  }

  effects(): Effects {
    return {
      events: this.#events,
      vm: this.#vm,
      endings: this.#endings,
      endedRuns: this.#endedRuns,
      restart: this.#restart,
    };
  }

  take(record: EventRecord): void {
    const attribution = this.#attribute(record);
    const asked = attribution.intentId === null ? undefined : this.#intents.get(attribution.intentId);
    if (asked !== undefined && attribution.consumes) {
      this.#intents.set(asked.id, { ...asked, consumed: true });
      if (record.kind === 'saved') this.#saved.add(asked.operationId);
    }
    const off = record.kind === 'poweroff' || record.kind === 'hibernate';
    const event = { record, attribution, hibernation: off ? this.#classify(record) : null };
    this.#events.push(event);

    // Also when the request failed since or gave way to a kill: what counts is that the guest was asked.
    const hibernateAsked =
      this.#open.some(({ kind, runId }) => kind === 'hibernate' && runId === record.runId) ||
      record.intentIds.some((id) => this.#intents.get(id)?.kind === 'hibernate');
    this.#settle(event, asked);
    this.#move(event, hibernateAsked);
  }

  #attribute(record: EventRecord): Attribution {
    const attribution = attribute(record, this.#intents);
    const byPolicy = this.#open.some(
      ({ kind, runId, requestedBy }) => kind === 'start' && runId === record.runId && isPolicy(requestedBy),
    );
    return record.kind === 'started' && record.sequence === 1 && byPolicy
      ? { ...attribution, initiator: 'policy' }
      : attribution;
  }

  /** Ends the operations that the event answers. */
  #settle({ record, hibernation, attribution }: JudgedEvent, asked: Intent | undefined): void {
    const ofRun = this.#open.filter(({ runId }) => runId === record.runId);
    for (const operation of ofRun) {
      if (operation.kind === 'migrate') {
        // Its own steps tell it what has happened (migration-look.ts).
      } else if (operation.kind === 'start' && guestRan(record)) {
        this.#end(operation, { status: 'succeeded' });
      } else if (operation.kind === 'snapshot' && (operation.saved || this.#saved.has(operation.id))) {
        // Whatever happens to the guest: its host has the file, and brings it.
      } else if (record.final) {
        this.#end(operation, endingAtRunEnd(operation.kind, record, hibernation));
      } else if (asked?.operationId === operation.id && attribution.consumes && !endsRun(operation.kind)) {
        this.#end(operation, { status: 'succeeded' });
      }
    }
  }

  #end(operation: OpenVmOperation, ending: Ending): void {
    this.#endings.push({ operationId: operation.id, ending });
    this.#open = this.#open.filter(({ id }) => id !== operation.id);
  }

  get #migration(): OpenVmOperation | undefined {
    return this.#open.find(({ kind }) => kind === 'migrate');
  }

  /** Moves the VM when the event is news of its current run. */
  #move({ record, attribution, hibernation }: JudgedEvent, hibernateAsked: boolean): void {
    const vm = this.#vm;
    if (vm === null || vm.runId !== record.runId || record.sequence <= vm.observedSequence) return;
    const restoring = vm.restoring && !guestRan(record);
    const seen = { ...vm, restoring, bootId: record.bootId, observedSequence: record.sequence };
    const outcome = outcomeOf({ kind: record.kind, final: record.final, initiator: attribution.initiator });
    if (!outcome.ended) {
      // Of a guest that has ended and is to boot again: why, and how long that takes. It shows until it has booted.
      const { reason: why } = record;
      // What says nothing of the vCPUs must not hide an older record, late, that does.
      if (outcome.observed === null) {
        if (why !== null) this.#vm = { ...vm, reason: why };
        return;
      }
      const open =
        this.#migration?.kind ?? this.#open.find(({ runId }) => runId === record.runId)?.kind ?? null;
      const reason = record.kind === 'suspend' ? SUSPENDED : record.kind === 'reset' ? why : null;
      const moved = { phase: phaseOfRun(outcome.observed, open), hibernation: null, reason };
      this.#vm = { ...seen, ...moved, ...recordedFirmware(vm, record) };
      return;
    }
    this.#endedRuns.push(record.runId);
    const { writableDisk, psciEffective } = this.#context;
    const after = hibernationAfter({ hibernation }, { hibernateAsked, writableDisk });
    if (this.#migration?.saved === true && attribution.initiator === 'host') {
      // It goes on from there on another host.
      this.#vm = { ...seen, runId: null, phase: 'migrating', hibernation: null, reason: null };
      return;
    }
    if (record.kind === 'lost' && vm.powerState === 'running') {
      this.#restart = true;
      const reason = `${record.reason ?? 'The guest was lost with its host.'} It is started again.`;
      this.#vm = { ...seen, runId: null, phase: 'pending', hibernation: after, reason };
      return;
    }
    this.#vm = {
      ...seen,
      runId: null,
      phase: outcome.phase,
      powerState: 'stopped',
      hibernation: after,
      reason:
        outcome.phase === 'failed'
          ? (record.reason ?? `The guest ended by ${record.kind}.`)
          : hibernateAsked && after === 'unknown'
            ? (hibernationNote(psciEffective) ??
              'Whether the guest hibernated, as it was asked to, is not known.')
            : null,
    };
  }
}

/** Whatever comes after a run's first record says that there was a first: the guest ran. */
function guestRan({ kind, sequence }: EventRecord): boolean {
  return kind === 'started' || kind === 'restored' || sequence > 1;
}

/**
 * What a guest that begins knows of its firmware. The registers of the first boot stay; the rest follows what the VM's
 * description chose for this one.
 */
function recordedFirmware(
  vm: VmState,
  { kind, firmware: found, hostBootId }: EventRecord,
): Partial<Pick<VmState, 'firmware' | 'firmwareRun' | 'hostBootId'>> {
  const begins = kind === 'started' || kind === 'restored';
  // A worker of an earlier release does not say where it runs.
  const where = begins ? { hostBootId: hostBootId ?? null } : {};
  if (found === undefined) return where;
  const registers = vm.firmware?.registers ?? found.registers;
  return { ...where, firmware: { ...found, registers }, firmwareRun: found };
}

/** Why a VM is paused that no operator paused. */
const SUSPENDED = 'The guest suspended itself (PSCI SYSTEM_SUSPEND). Resume the VM to wake it.';

/** These succeed by the end of their run, not before. */
function endsRun(kind: OperationKind): boolean {
  return kind === 'stop' || kind === 'kill' || kind === 'hibernate';
}

function endingAtRunEnd(kind: OperationKind, record: EventRecord, hibernation: Hibernation | null): Ending {
  if (kind === 'stop' || kind === 'kill') return { status: 'succeeded' };
  const ended = (before: string): Ending => {
    const why = record.reason === null ? '.' : `: ${record.reason}`;
    const detail = `The run ended by ${record.kind} before ${before}${why}`;
    return { status: 'failed', error: operationProblem('RUN_ENDED', detail) };
  };
  if (kind !== 'hibernate') return ended(`the ${kind} was carried out`);
  if (hibernation === 'yes') return { status: 'succeeded' };
  // Asked to hibernate, it went off, and nothing tells how: that is all a guest can do that has no SYSTEM_OFF2.
  if (hibernation === 'unknown' && record.kind === 'poweroff') return { status: 'succeeded' };
  if (record.kind === 'poweroff') {
    return {
      status: 'failed',
      error: operationProblem('GUEST_POWERED_OFF', 'The guest powered off without hibernating.'),
    };
  }
  return ended('the guest hibernated');
}
