/**
 * The worker's one serial queue. Operators' requests, guest events and the machine's own news all go through it; each
 * is turned into effects by the state machine (state.ts) and the effects are performed in order, the journal synced
 * before anything is acted on, before the next input is looked at.
 *
 * The process may be killed at any instruction. Before `started` is in the journal no guest instruction has run, so the
 * agent may try again; from then on the directory never runs a guest again, and the agent finishes a journal that has
 * no final record. Nothing in this process can start the guest after a final record: the state machine knows no way
 * from `stopping` to `make`, `run` or `resume`. The VM's next run begins when this process is gone (agent/reconcile.ts),
 * since until then its threads may hold the disks.
 */
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Machine } from '../machine/machine.ts';
import type { MachineListener, Save, SystemEvent } from '../machine/types.ts';
import { decodeSystemEvent } from '../psci/system-event.ts';
import type { RunSpec } from '../wire/agent.ts';
import { hostBootId } from './identity.ts';
import type { JournalEntry, JournalWriter } from './journal.ts';
import { Keys } from './keys.ts';
import { CLOSE_MS, type Status, type WorkerRequest } from './protocol.ts';
import { type Refusal, refusal } from './refusals.ts';
import { type Chance, type Effect, type EventDraft, type Input, initialState, transition } from './state.ts';

/** How long to wait before a record is tried again that could not be written. */
const JOURNAL_RETRY_MS = 1_000;
const MIB = 1024 * 1024;

/** Characters of an event's reason (wire/event.ts). */
const MAX_REASON = 2_000;

export interface LifecycleOptions {
  readonly run: RunSpec;
  readonly journal: JournalWriter;
  readonly newBootId: () => string;
  /** Where the console of a boot is logged. */
  readonly consolePath: (bootId: string) => string;
  /** `restore`: the guest goes on from the run's snapshot instead of booting. */
  readonly makeMachine: (consoleFd: number, listener: MachineListener, restore: boolean) => Promise<Machine>;
  /** Where a request's snapshot is written. */
  readonly snapshotPath: (intentId: string) => string;
  readonly onJournal: (sequence: number) => void;
  readonly onState: (status: Status) => void;
  readonly exit: (code: number) => void;
  /** Ends this process at once, whatever its threads do. */
  readonly abort: (reason: string) => void;
  readonly log: (message: string) => void;
}

interface Queued {
  readonly input: Input;
  readonly at: string;
  readonly answer: (refused: Refusal | null) => void;
}

interface Making {
  readonly consoleFd: number;
  readonly machine: Promise<Machine>;
}

export class Lifecycle {
  readonly #options: LifecycleOptions;
  readonly #keys = new Keys();
  readonly #queue: Queued[] = [];
  #state;
  #draining = false;
  #sequence = 0;
  #making: Making | null = null;
  #waiting: NodeJS.Timeout | undefined;
  #machine: Machine | null = null;

  constructor(options: LifecycleOptions) {
    this.#options = options;
    this.#state = initialState(options.newBootId(), options.run.onGuest, options.run.restore !== null);
  }

  get status(): Status {
    const { phase, bootId } = this.#state;
    return { phase, bootId, psci: this.#machine?.psci ?? this.#options.run.psci, sequence: this.#sequence };
  }

  begin(): void {
    this.#enqueue({ type: 'begin' });
  }

  /** Resolves when the request is refused (the refusal) or journalled (null). */
  async request(request: WorkerRequest): Promise<Refusal | null> {
    return await new Promise((resolve) => this.#enqueue({ type: 'request', request }, resolve));
  }

  /** Ends the run with `lost`, since the host ends this process. */
  terminate(reason: string): void {
    this.#enqueue({ type: 'terminated', reason });
  }

  /** Types bytes into the guest's console. */
  input(bytes: Uint8Array): Refusal | null {
    const { phase } = this.#state;
    if (phase === 'stopping' || phase === 'ended' || phase === 'failed') return refusal('RUN_ENDED');
    if (this.#machine === null) return refusal('NOT_RUNNING');
    this.#machine.writeConsole(bytes);
    return null;
  }

  #enqueue(input: Input, answer: (refused: Refusal | null) => void = () => {}): void {
    this.#queue.push({ input, at: new Date().toISOString(), answer });
    if (!this.#draining) {
      this.#draining = true;
      void this.#drain().catch((error: unknown) => this.#options.abort(describe(error)));
    }
  }

  async #drain(): Promise<void> {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      const chance: Chance = { at: next.at, now: performance.now(), newBootId: this.#options.newBootId() };
      const step = transition(this.#state, next.input, chance);
      const changed = step.state.phase !== this.#state.phase || step.state.bootId !== this.#state.bootId;
      this.#state = step.state;
      if (changed) this.#options.onState(this.status);
      await this.#performAll(step.effects, next);
    }
    this.#draining = false;
  }

  /** An effect that fails ends the step; the failure is an input like others, behind what the guest did before it. */
  async #performAll(effects: readonly Effect[], queued: Queued): Promise<void> {
    const { bootId, phase } = this.#state;
    for (const effect of effects) {
      try {
        await this.#perform(effect, queued);
      } catch (error) {
        const detail = `${effect.do}: ${describe(error)}`;
        this.#options.log(detail);
        // To end is all that is left to do; a final record that is missing is the agent's to write.
        if (phase === 'stopping') this.#options.abort(detail);
        const input: Input =
          phase === 'starting' || phase === 'resetting'
            ? { type: 'notMade', bootId, code: startFailureCode(error), detail }
            : { type: 'fault', bootId, detail };
        this.#enqueue(input);
        return;
      }
    }
  }

  async #perform(effect: Effect, { at, answer }: Queued): Promise<void> {
    switch (effect.do) {
      case 'event':
        await this.#journalEvent(effect.event, at);
        return;
      case 'journal':
        await this.#append(effect.entry);
        return;
      case 'answer':
        answer(effect.refusal);
        return;
      case 'make':
        this.#make(effect.bootId, effect.restore);
        return;
      case 'wait':
        this.#waiting = setTimeout(() => this.#enqueue({ type: 'due', bootId: effect.bootId }), effect.ms);
        return;
      case 'run':
        this.#machine?.run();
        return;
      case 'pause':
        await this.#machine?.pause();
        return;
      case 'resume':
        await this.#machine?.resume();
        this.#machine?.wake();
        return;
      case 'save':
        await this.#save(effect.bootId, effect.intentId);
        return;
      case 'ask':
        this.#keys.ask(effect.ask);
        return;
      case 'stopAsking':
        this.#keys.stop();
        return;
      case 'close':
        await this.#close();
        return;
      case 'exit':
        this.#options.exit(effect.code);
        return;
    }
  }

  /** What a guest that boots, though it might have hibernated, does not find of its CPUs as it knew them. */
  #otherCpu(kind: EventDraft['kind']): string | null {
    const others = this.#machine?.otherIdRegisters ?? [];
    if (kind !== 'started' || others.length === 0) return null;
    return (
      `This host does not show the guest the CPU it last ran on: it does not take ${others.join(', ')}. A guest that ` +
      'boots takes what there is; one that had hibernated may not come back from that here.'
    );
  }

  async #journalEvent(draft: EventDraft, observedAt: string): Promise<void> {
    const { vmId, runId } = this.#options.run;
    const sequence = this.#sequence + 1;
    const { kind, bootId, intentIds, kvm, reason, final } = draft;
    const psci = draft.psci ?? { version: this.status.psci, function: null, type: null, cookie: null };
    await this.#append({
      type: 'event',
      vmId,
      runId,
      bootId,
      sequence,
      kind,
      intentIds: [...intentIds],
      psci,
      kvm,
      reason: (reason ?? this.#otherCpu(kind))?.slice(0, MAX_REASON) ?? null,
      observedAt,
      final,
      ...((kind === 'started' || kind === 'restored') && this.#machine !== null
        ? { firmware: this.#machine.firmware, hostBootId: hostBootId() }
        : {}),
      ...(draft.snapshot === null ? {} : { snapshot: draft.snapshot }),
    });
    this.#sequence = sequence;
    this.#options.onJournal(sequence);
  }

  /** Nothing may go on before the record is on the disk, so a disk that is full is waited for. */
  async #append(entry: JournalEntry): Promise<void> {
    for (;;) {
      try {
        this.#options.journal.append(entry);
        return;
      } catch (error) {
        this.#options.log(`cannot write the journal, trying again: ${describe(error)}`);
        await sleep(JOURNAL_RETRY_MS);
      }
    }
  }

  #make(bootId: string, restore: boolean): void {
    const consoleFd = openSync(this.#options.consolePath(bootId), 'a', 0o600);
    const listener: MachineListener = {
      systemEvent: (event) => this.#enqueue(this.#guestDid(bootId, event)),
      failed: (error) => this.#enqueue({ type: 'fault', bootId, detail: error.message }),
    };
    const machine = this.#options.makeMachine(consoleFd, listener, restore);
    const making: Making = { consoleFd, machine };
    this.#making = making;
    machine.then(
      (made) => {
        // Closed while it was being made: `#close` waits for it and nobody else may touch it.
        if (this.#making !== making) return;
        this.#machine = made;
        this.#keys.attach(made);
        this.#enqueue({ type: 'made', bootId });
      },
      (error: unknown) => {
        this.#enqueue({ type: 'notMade', bootId, code: startFailureCode(error), detail: describe(error) });
      },
    );
  }

  /** Returns when the guest goes on; what came of it is an input of its own. */
  async #save(bootId: string, intentId: string): Promise<void> {
    const machine = this.#machine;
    if (machine === null) return;
    const failed = (error: unknown): void => {
      this.#options.log(`the guest was not saved: ${describe(error)}`);
      this.#enqueue({ type: 'notSaved', intentId, code: saveFailureCode(error), detail: describe(error) });
    };
    try {
      const save = await machine.save(this.#options.snapshotPath(intentId));
      void this.#settle(save, machine, bootId, intentId).catch(failed);
    } catch (error) {
      failed(error);
    }
  }

  async #settle(save: Save, machine: Machine, bootId: string, intentId: string): Promise<void> {
    await using _ = save;
    const { bytes, digest } = await save.written;
    const { vcpus, memoryMiB } = save.hardware;
    const disks = save.hardware.disks.map(({ name, bytes: size, readOnly }) => ({
      name,
      sizeMiB: size / MIB,
      readOnly,
    }));
    const { firmware } = machine;
    const pauseMilliseconds = Math.round(save.pauseMilliseconds * 10) / 10;
    const hardware = { vcpus, memoryMiB, disks, firmware };
    const snapshot = { digest, sizeBytes: bytes, pauseMilliseconds, ...hardware, hostBootId: hostBootId() };
    this.#enqueue({ type: 'saved', bootId, intentId, snapshot });
  }

  #guestDid(bootId: string, seen: SystemEvent): Input {
    const event = decodeSystemEvent(seen, this.status.psci);
    if (event !== null) return { type: 'guest', bootId, event };
    return {
      type: 'fault',
      bootId,
      detail: `KVM reported system event ${seen.type}, which no guest can cause`,
    };
  }

  async #close(): Promise<void> {
    const watchdog = setTimeout(
      () => this.#options.abort(`the machine did not close within ${CLOSE_MS / 1000} s`),
      CLOSE_MS,
    );
    clearTimeout(this.#waiting);
    try {
      this.#keys.attach(null);
      const making = this.#making;
      this.#making = null;
      this.#machine = null;
      if (making !== null) {
        const machine = await making.machine.catch(() => null);
        await machine?.close();
        closeSync(making.consoleFd);
      }
    } finally {
      clearTimeout(watchdog);
    }
    this.#enqueue({ type: 'closed' });
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The stable code of a start that failed, as the operation shows it. Errors of the machine bring their own. */
function startFailureCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOMEM') return 'OUT_OF_MEMORY';
  if (code === 'ENOSPC') return 'DISK_FULL';
  return typeof code === 'string' && code.includes('_') ? code : 'START_FAILED';
}

/** The same for a guest that could not be saved and went on. */
function saveFailureCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'DISK_FULL';
  return typeof code === 'string' && code.includes('_') ? code : 'SAVE_FAILED';
}
