/**
 * One run on a simulated host, as `reconcile` looks at run directories: a run whose guest is in this process is alive,
 * one whose worker was started by an earlier process died with it, which is a reboot of the host.
 */
import type { LocalRun } from '../agent/reconcile.ts';
import { deadlineOf } from '../agent/run.ts';
import type { RunSpec } from '../wire/agent.ts';
import { newBootId } from '../wire/boot-id.ts';
import type { EventRecord } from '../wire/event.ts';
import type { EventEntry, FailureEntry, JournalEntry, RequestEntry, UnmetEntry } from '../worker/journal.ts';
import { SimGuest } from './guest.ts';
import type { JournalLine } from './journal.ts';
import type { SimFirmware } from './kernels.ts';
import type { SimSaves } from './saves.ts';

export class SimRun {
  readonly spec: RunSpec;
  readonly #write: (line: JournalLine) => void;
  readonly #onNews: () => void;
  readonly #saves: SimSaves;
  /** Every `saved` event of the run. */
  readonly #saved: EventRecord[] = [];
  readonly #requests: RequestEntry[] = [];
  /** Milliseconds on the monotonic clock at which a request's time is over, by its place in `#requests`. */
  readonly #deadlines: number[] = [];
  readonly #unmet: UnmetEntry[] = [];
  #undelivered: EventRecord[] = [];
  #newest: EventEntry | null = null;
  #started = false;
  #failure: FailureEntry | null = null;
  #delivered = 0;
  #spawns = 0;
  #guest: SimGuest | null = null;
  #exited = false;

  constructor(spec: RunSpec, saves: SimSaves, write: (line: JournalLine) => void, onNews: () => void) {
    this.spec = spec;
    this.#saves = saves;
    this.#write = write;
    this.#onNews = onNews;
  }

  get runId(): string {
    return this.spec.runId;
  }

  get vmId(): string {
    return this.spec.vmId;
  }

  get ended(): boolean {
    return this.#newest?.final === true || this.#failure !== null;
  }

  /** The guest while its worker lives. */
  get guest(): SimGuest | null {
    return this.#exited ? null : this.#guest;
  }

  /** Events that the API has not settled, oldest first. */
  get undelivered(): readonly EventRecord[] {
    return this.#undelivered;
  }

  look(): LocalRun {
    const now = performance.now();
    const alive = this.guest !== null;
    return {
      runId: this.runId,
      worker: alive ? 'alive' : this.#spawns > 0 ? 'dead' : 'none',
      coming: false,
      spawns: this.#spawns,
      files: 'ready',
      started: this.#started,
      ended: this.ended,
      lingers: false,
      failure: this.#failure,
      unmet: this.#unmet.map(({ intentId, code, detail }) => ({ intentId, code, detail })),
      requests: this.#requests.map(({ intentId, kind }, index) => ({
        intentId,
        kind,
        overdue: now >= (this.#deadlines[index] ?? Number.POSITIVE_INFINITY),
      })),
      connected: alive,
      unresponsive: false,
      foreign: null,
      unread: false,
      end: 'the simulated worker ended',
      hostRebooted: this.#spawns > 0 && this.#guest === null,
      delivered: this.ended && this.#undelivered.length === 0 && this.#files().length === 0,
    };
  }

  /** When a request's time is over next, in milliseconds from now; null when none is running. */
  nextDeadline(): number | null {
    const now = performance.now();
    const ahead = this.#deadlines.filter((deadline) => deadline > now && Number.isFinite(deadline));
    return ahead.length === 0 || this.ended ? null : Math.min(...ahead) - now;
  }

  spawn(host: SimFirmware): void {
    this.#write({ do: 'spawn', runId: this.runId });
    this.#spawns += 1;
    this.#guest = new SimGuest(this.spec, host, {
      record: (entry) => this.#append(entry),
      save: (intentId, content) => this.#saves.save(intentId, content),
      onExit: () => {
        this.#exited = true;
        this.#onNews();
      },
    });
    this.#guest.begin();
  }

  /** Its host has lost power. */
  vanish(): void {
    this.#guest?.vanish();
    this.#exited = true;
  }

  /** Writes the last record of a run whose worker is gone. */
  finish(kind: 'killed' | 'lost', reason: string, killIntent: string | null): void {
    const { vmId, runId, psci } = this.spec;
    this.#append({
      type: 'event',
      ...{ vmId, runId, kind, reason },
      bootId: this.#newest?.bootId ?? newBootId(),
      sequence: (this.#newest?.sequence ?? 0) + 1,
      intentIds: killIntent === null ? [] : [killIntent],
      psci: { version: psci, function: null, type: null, cookie: null },
      kvm: null,
      observedAt: new Date().toISOString(),
      final: true,
    });
  }

  fail(code: string, detail: string): void {
    this.#append({ type: 'failure', code, detail, at: new Date().toISOString() });
  }

  markDelivered(sequence: number): void {
    this.#write({ do: 'delivered', runId: this.runId, sequence });
    this.#settled(sequence);
  }

  /** Takes up what an earlier process wrote. */
  recall(line: JournalLine): void {
    if (line.do === 'spawn') this.#spawns += 1;
    else if (line.do === 'entry') this.#note(line.entry);
    else if (line.do === 'delivered') this.#settled(line.sequence);
  }

  snapshotsToSend(): { intentId: string; digest: string; path: string }[] {
    return this.#files().filter(({ sequence }) => sequence <= this.#delivered);
  }

  dropSnapshot(intentId: string): void {
    this.#saves.drop(intentId);
  }

  /** A save is whole at once. */
  dropUnfinishedSnapshots(): void {}

  #files(): { intentId: string; digest: string; path: string; sequence: number }[] {
    return this.#saved.flatMap(({ intentIds: [intentId], snapshot, sequence }) =>
      intentId === undefined || snapshot === undefined || !this.#saves.has(intentId)
        ? []
        : [{ intentId, digest: snapshot.digest, path: this.#saves.path(intentId), sequence }],
    );
  }

  #settled(sequence: number): void {
    this.#delivered = Math.max(this.#delivered, sequence);
    this.#undelivered = this.#undelivered.filter((event) => event.sequence > sequence);
  }

  #append(entry: JournalEntry): void {
    this.#write({ do: 'entry', runId: this.runId, entry });
    this.#note(entry);
    this.#onNews();
  }

  #note(entry: JournalEntry): void {
    switch (entry.type) {
      case 'failure':
        this.#failure = entry;
        return;
      case 'request':
        this.#requests.push(entry);
        this.#deadlines.push(deadlineOf(entry, Date.now(), performance.now()));
        return;
      case 'unmet':
        this.#unmet.push(entry);
        return;
      case 'event': {
        const { type: _, ...event } = entry;
        this.#newest = entry;
        this.#started ||= entry.kind === 'started' || entry.kind === 'restored';
        if (entry.kind === 'saved') this.#saved.push(event);
        if (entry.sequence > this.#delivered) this.#undelivered.push(event);
      }
    }
  }
}
