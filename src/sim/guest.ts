/**
 * A worker and its guest without a machine: the worker's own state machine (worker/state.ts) decides, and this performs
 * what it says, at once and in order. A record is given to `record` before anything is acted on, as a worker journals
 * it. Nothing of a guest runs; what it asks for comes from its script, from keys, or from `does`.
 */
import { carryFirmware, type FirmwareAbi, firmwareFor } from '../psci/firmware.ts';
import { decodeSystemEvent } from '../psci/system-event.ts';
import { canPowerOff, detectsHibernation } from '../psci/versions.ts';
import type { RunSpec } from '../wire/agent.ts';
import { newBootId } from '../wire/boot-id.ts';
import type { JournalEntry } from '../worker/journal.ts';
import type { WorkerRequest } from '../worker/protocol.ts';
import type { Refusal } from '../worker/refusals.ts';
import {
  type Effect,
  type EventDraft,
  type Input,
  initialState,
  type State,
  transition,
} from '../worker/state.ts';
import type { SimFirmware } from './kernels.ts';
import type { SavedFile } from './saves.ts';
import { type GuestDeed, parseScript, type Script } from './script.ts';

/** KVM_SYSTEM_EVENT_* (include/uapi/linux/kvm.h). */
const SHUTDOWN = 1;
const RESET = 2;
const CRASH = 3;

interface Queued {
  readonly input: Input;
  readonly answer: (refused: Refusal | null) => void;
}

/** Writes what is saved for an intent. */
type SaveGuest = (intentId: string, content: object) => SavedFile;

export interface SimGuestParts {
  /** Gets each entry of the journal. */
  readonly record: (entry: JournalEntry) => void;
  readonly save: SaveGuest;
  /** Called when the worker would end. */
  readonly onExit: () => void;
}

export class SimGuest {
  readonly #run: RunSpec;
  readonly #host: SimFirmware;
  readonly #record: (entry: JournalEntry) => void;
  readonly #save: SaveGuest;
  readonly #onExit: () => void;
  readonly #queue: Queued[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #state: State;
  #script: Script | null = null;
  #sequence = 0;
  #draining = false;

  constructor(run: RunSpec, host: SimFirmware, { record, save, onExit }: SimGuestParts) {
    this.#run = run;
    this.#host = host;
    this.#record = record;
    this.#save = save;
    this.#onExit = onExit;
    this.#state = initialState(newBootId(), run.onGuest, run.restore !== null);
  }

  /** Whether it has begun to run and its machine is there, at rest or not. */
  get up(): boolean {
    const { phase } = this.#state;
    return phase === 'running' || phase === 'paused' || phase === 'resetting';
  }

  begin(): void {
    this.#take({ type: 'begin' });
  }

  /** @returns the worker's refusal, or null when the request was taken. */
  request(request: WorkerRequest): Refusal | null {
    let refused: Refusal | null = null;
    this.#take({ type: 'request', request }, (answer) => {
      refused = answer;
    });
    return refused;
  }

  /** The guest does something of its own accord; nothing, if it is not running. */
  does(deed: GuestDeed): void {
    const { psci } = this.#run;
    const { bootId, phase } = this.#state;
    // At 0.1 there is no call to power off or reset: such a guest can only halt.
    if (phase !== 'running' || (!canPowerOff(psci) && deed !== 'crash')) return;
    const type = deed === 'reset' ? RESET : deed === 'crash' ? CRASH : SHUTDOWN;
    const flags = deed === 'hibernate' && detectsHibernation(psci) ? 1n : 0n;
    const event = decodeSystemEvent({ type, data: [flags], x1: 0n, x2: 0n }, psci);
    if (event !== null) this.#take({ type: 'guest', bootId, event });
  }

  /** The host has lost power: nothing is written and nothing happens any more. */
  vanish(): void {
    this.#clearTimers();
    this.#queue.length = 0;
    this.#state = { ...this.#state, phase: 'ended' };
  }

  #take(input: Input, answer: Queued['answer'] = () => undefined): void {
    this.#queue.push({ input, answer });
    if (this.#draining) return;
    this.#draining = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      const chance = { at: new Date().toISOString(), now: performance.now(), newBootId: newBootId() };
      const { state, effects } = transition(this.#state, next.input, chance);
      this.#state = state;
      for (const effect of effects) this.#perform(effect, chance.at, next.answer);
    }
    this.#draining = false;
  }

  #perform(effect: Effect, at: string, answer: Queued['answer']): void {
    switch (effect.do) {
      case 'event':
        this.#journal(effect.event, at);
        return;
      case 'journal':
        this.#record(effect.entry);
        return;
      case 'answer':
        answer(effect.refusal);
        return;
      case 'make':
        this.#make(effect.bootId);
        return;
      case 'wait':
        this.#after(effect.ms, () => this.#take({ type: 'due', bootId: effect.bootId }));
        return;
      case 'run':
        for (const { deed, afterMilliseconds } of this.#script?.deeds ?? [])
          this.#after(afterMilliseconds, () => this.does(deed));
        return;
      case 'ask':
        if (this.#script?.deaf === false)
          this.#after(0, () => this.does(effect.ask.kind === 'stop' ? 'poweroff' : 'hibernate'));
        return;
      case 'save':
        this.#take(this.#saved(effect.bootId, effect.intentId));
        return;
      case 'close':
        this.#clearTimers();
        this.#take({ type: 'closed' });
        return;
      case 'exit':
        this.#onExit();
        return;
      case 'pause':
      case 'resume':
      case 'stopAsking':
        return;
    }
  }

  #saved(bootId: string, intentId: string): Input {
    const { vmId, runId, vcpus, memoryMiB, disks } = this.#run;
    const { hostBootId } = this.#host;
    const firmware = this.#firmware();
    const file = this.#save(intentId, { vmId, runId });
    const snapshot = { ...file, pauseMilliseconds: 0, vcpus, memoryMiB, disks, firmware, hostBootId };
    return { type: 'saved', bootId, intentId, snapshot };
  }

  #make(bootId: string): void {
    const failed = (code: string, detail: string): void =>
      this.#take({ type: 'notMade', bootId, code, detail });
    const { psci, cmdline } = this.#run;
    if (!this.#host.accepted.includes(psci)) {
      failed('PSCI_VERSION_NOT_SUPPORTED', `a kernel like this host's does not accept PSCI ${psci}`);
      return;
    }
    try {
      const script = parseScript(cmdline, psci);
      this.#script = script;
      if (script.failure !== null) failed(script.failure, 'the command line of the simulated guest says so');
      else if (script.bootMilliseconds === 0) this.#take({ type: 'made', bootId });
      else this.#after(script.bootMilliseconds, () => this.#take({ type: 'made', bootId }));
    } catch (error) {
      failed('SCRIPT_NOT_UNDERSTOOD', error instanceof Error ? error.message : String(error));
    }
  }

  #journal(draft: EventDraft, observedAt: string): void {
    const { vmId, runId, psci } = this.#run;
    const { kind, bootId, intentIds, kvm, reason, final } = draft;
    this.#sequence += 1;
    this.#record({
      type: 'event',
      ...{ vmId, runId, bootId, sequence: this.#sequence, kind, intentIds: [...intentIds] },
      psci: draft.psci ?? { version: psci, function: null, type: null, cookie: null },
      ...{ kvm, reason, observedAt, final },
      ...(kind === 'started' || kind === 'restored'
        ? { firmware: this.#firmware(), hostBootId: this.#host.hostBootId }
        : {}),
      ...(draft.snapshot === null ? {} : { snapshot: draft.snapshot }),
    });
  }

  #firmware(): FirmwareAbi {
    const { psci, systemSuspend, vcpus, firmware } = this.#run;
    const choice = { psci, systemSuspend, vcpus };
    return firmware === null ? firmwareFor(choice, this.#host.registers) : carryFirmware(firmware, choice);
  }

  #after(milliseconds: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, milliseconds);
    this.#timers.add(timer);
  }

  #clearTimers(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
