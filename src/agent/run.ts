/**
 * One run directory as the agent sees it: the claim, the journal, the worker's connection, and how far everything has
 * been delivered. Reading changes nothing; `finish` and `fail` write the last record of a run that nobody else writes.
 */
import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newBootId } from '../wire/boot-id.ts';
import type { EventRecord } from '../wire/event.ts';
import { closed, integer, list, type Shaped, uuid } from '../wire/shape.ts';
import { HOLDFAST_VERSION } from '../wire/version.ts';
import {
  bootOfConsoleFile,
  isUnfinishedSnapshot,
  JOURNAL_FILE,
  RUN_FILE,
  snapshotFile,
} from '../worker/files.ts';
import {
  closeToWorkers,
  hostBootId,
  isAlive,
  readIdentity,
  releaseDead,
  type WorkerIdentity,
} from '../worker/identity.ts';
import {
  type EventEntry,
  type FailureEntry,
  type JournalEntry,
  JournalReader,
  JournalWriter,
  type RequestEntry,
  type UnmetEntry,
} from '../worker/journal.ts';
import { CLOSE_MS, type KeptRunFile, keptRunFile, PROTOCOL, type WorkerRequest } from '../worker/protocol.ts';
import { describeEnd, OomWatch } from './oom.ts';
import type { LocalRequest, LocalRun } from './reconcile.ts';
import { countSpawns, findWorker, spawnWorker, type WorkerSource } from './spawn.ts';
import { readJson } from './store.ts';
import { ANSWER_MS, WorkerClient, WorkerUnreachable } from './worker-client.ts';

/**
 * A worker that lives and has not answered for this long is taken to hang, and is ended if it was to end anyway. Less
 * than the time of one answer, so that one that was not given is enough: timers may go off a little early.
 */
const UNRESPONSIVE_MS = ANSWER_MS - 500;
/** A worker has this long to end after its last record: what it gives its machine, and to end itself. */
const LINGER_MS = CLOSE_MS + 60_000;

const DELIVERED_FILE = 'delivered.json';
const deliveredFile = closed({
  /** The newest event the API has settled. */
  sequence: integer(),
  /** Bytes of each boot's console that the API has. */
  console: list(closed({ bootId: uuid, bytes: integer() })),
});

export class Run {
  readonly dir: string;
  readonly file: KeptRunFile;
  readonly #onNews: () => void;
  readonly #journal: JournalReader;
  readonly #requests: RequestEntry[] = [];
  /** Milliseconds on the monotonic clock at which a request's time is over, by its place in `#requests`. */
  readonly #deadlines: number[] = [];
  /** Bytes of each boot's console that the API has. */
  readonly #consoles: Map<string, number>;
  #undelivered: EventRecord[] = [];
  readonly #unmet: UnmetEntry[] = [];
  /** Every `saved` event of the run. */
  readonly #saved: EventRecord[] = [];
  #delivered: number;
  #started = false;
  #final = false;
  #failure: FailureEntry | null = null;
  #child: ChildProcess | null = null;
  #client: WorkerClient | null = null;
  #silentSince: number | null = null;
  #wasUnresponsive = false;
  #endedAt: number | null = null;
  /** The signal that ended the worker, where this agent started it. */
  #endedBy: NodeJS.Signals | null = null;
  readonly #oom = new OomWatch();
  #damagedLines = 0;
  files: LocalRun['files'] = 'unknown';
  /** Whether the console of every boot has been uploaded to its end; kept by console.ts. */
  consoleDone = false;

  /** @throws when the run file cannot be read or is not one. */
  constructor(dir: string, onNews: () => void) {
    this.dir = dir;
    this.#onNews = onNews;
    this.file = keptRunFile(readJson(join(dir, RUN_FILE)), '');
    this.#journal = new JournalReader(join(dir, JOURNAL_FILE));
    const known = readDelivered(join(dir, DELIVERED_FILE));
    this.#delivered = known.sequence;
    this.#consoles = new Map(known.console.map(({ bootId, bytes }) => [bootId, bytes]));
  }

  get runId(): string {
    return this.file.run.runId;
  }

  get vmId(): string {
    return this.file.run.vmId;
  }

  get ended(): boolean {
    return this.#final || this.#failure !== null;
  }

  /** Whether a worker has, or may yet have, disks and network interfaces open. */
  get holdsDevices(): boolean {
    return !this.ended || this.#claim().worker === 'alive';
  }

  /** The worker's process while it lives. */
  get workerPid(): number | null {
    const identity = this.#identity();
    return identity?.pid != null && isAlive(identity) ? identity.pid : null;
  }

  /** Whether nothing will happen here any more by itself. */
  get settled(): boolean {
    return this.ended && this.#undelivered.length === 0 && this.#claim().worker !== 'alive';
  }

  /** Events that the API has not settled, oldest first. */
  get undelivered(): readonly EventRecord[] {
    return this.#undelivered;
  }

  /** Damaged lines found in the journal since the last call; each is a record that is lost. */
  takeDamage(): number {
    const found = this.#journal.damagedLines - this.#damagedLines;
    this.#damagedLines = this.#journal.damagedLines;
    return found;
  }

  /** Looks at the claim and then reads the journal: of a worker seen dead, it then has all there will ever be. */
  look(): LocalRun {
    const { worker, hostRebooted } = this.#claim();
    this.#readJournal();
    const now = performance.now();
    if (worker === 'alive') this.#oom.alive(now);
    else this.#disconnect();
    const unresponsive =
      worker === 'alive' && this.#silentSince !== null && now - this.#silentSince >= UNRESPONSIVE_MS;
    this.#wasUnresponsive ||= unresponsive;
    if (this.ended) this.#endedAt ??= now;
    return {
      runId: this.runId,
      worker,
      coming: worker === 'none' && this.#isComing(),
      spawns: countSpawns(this.dir),
      files: this.files,
      started: this.#started,
      ended: this.ended,
      lingers: worker === 'alive' && this.#endedAt !== null && now - this.#endedAt > LINGER_MS,
      failure: this.#failure,
      requests: this.#requests.map(
        ({ intentId, kind }, index): LocalRequest => ({
          intentId,
          kind,
          overdue: now >= (this.#deadlines[index] ?? Number.POSITIVE_INFINITY),
        }),
      ),
      connected: this.#client !== null && !this.#client.closed,
      unresponsive: this.#wasUnresponsive,
      foreign: this.#foreign(),
      unread: this.#journal.unknown,
      end: this.#describeEnd(worker),
      hostRebooted,
      unmet: this.#unmet.map(({ intentId, code, detail }) => ({ intentId, code, detail })),
      delivered: this.ended && this.#undelivered.length === 0 && this.consoleDone && !this.#hasSnapshots(),
    };
  }

  /** Whether a worker is on its way, or up and not yet reached, or about to be gone. */
  get awaited(): boolean {
    if (this.ended) return this.#claim().worker === 'alive';
    if (this.#foreign() !== null) return false;
    if (this.#child !== null) return this.#client === null || this.#client.closed;
    return this.#client?.closed === true || (this.#client === null && this.#claim().worker === 'alive');
  }

  /** When a request's time is over next, in milliseconds from now; null when none is running. */
  nextDeadline(): number | null {
    const now = performance.now();
    const ahead = this.#deadlines.filter(
      (deadline) => deadline > now && deadline !== Number.POSITIVE_INFINITY,
    );
    return ahead.length === 0 || this.ended ? null : Math.min(...ahead) - now;
  }

  /** @throws when the count of workers cannot be written, or no process can be made. */
  spawn(workers: WorkerSource): void {
    const child = spawnWorker(this.dir, workers);
    this.#child = child;
    const gone = (signal: NodeJS.Signals | null): void => {
      if (this.#child === child) this.#child = null;
      this.#endedBy = signal;
      this.#onNews();
    };
    child.once('exit', (_, signal) => gone(signal));
    child.once('error', () => gone(null));
  }

  release(): void {
    releaseDead(this.dir);
  }

  /** Connects to the worker; its failure is remembered, see UNRESPONSIVE_MS. */
  async connect(): Promise<void> {
    this.#disconnect();
    await this.#listenFor(async () => {
      this.#client = await WorkerClient.connect(this.dir, this.#onNews);
      return null;
    });
  }

  /** @returns the refusal, or null when it was journalled. 'lost': not known; the journal will tell. */
  async request(request: WorkerRequest): Promise<{ code: string; detail: string } | null | 'lost'> {
    return await this.#listenFor(async () => await this.#reach().request(request));
  }

  /** Types into the console; what a worker of another protocol is told is lost. */
  async input(data: string): Promise<{ code: string; detail: string } | null | 'lost'> {
    if (this.#foreign() !== null) return 'lost';
    if (this.#client === null || this.#client.closed) await this.connect();
    return await this.#listenFor(async () => await this.#reach().input(data));
  }

  /** Ends a worker that does not listen. The claim names the process, so no other is hit. */
  terminate(): void {
    const identity = this.#identity();
    if (identity !== null && identity.pid !== null && isAlive(identity))
      process.kill(identity.pid, 'SIGKILL');
  }

  /** Writes the last record. The claimant is dead, so the agent is the journal's only writer. */
  finish(kind: 'killed' | 'lost', reason: string, killIntent: string | null): void {
    const { vmId, runId, psci } = this.file.run;
    this.#write((writer) => {
      const newest = writer.found.findLast((entry) => entry.type === 'event');
      if (newest?.final === true) return;
      writer.append({
        type: 'event',
        vmId,
        runId,
        bootId: writer.found.findLast(hasBoot)?.bootId ?? newBootId(),
        sequence: (newest?.sequence ?? 0) + 1,
        kind,
        intentIds: killIntent === null ? [] : [killIntent],
        psci: { version: newest?.psci?.version ?? psci, function: null, type: null, cookie: null },
        kvm: null,
        reason,
        observedAt: new Date().toISOString(),
        final: true,
      });
    });
  }

  /** @returns false when a worker claimed the directory first; then nothing was written. */
  fail(code: string, detail: string): boolean {
    if (!closeToWorkers(this.dir, PROTOCOL, HOLDFAST_VERSION) && this.#claim().worker === 'alive')
      return false;
    this.#write((writer) => {
      if (writer.found.some((entry) => entry.type !== 'request')) return;
      writer.append({ type: 'failure', code, detail, at: new Date().toISOString() });
    });
    return true;
  }

  /** Remembers what the API has settled. Losing this file costs duplicates, which the API knows. */
  markDelivered(sequence: number): void {
    this.#delivered = sequence;
    this.#undelivered = this.#undelivered.filter((event) => event.sequence > sequence);
    this.#saveDelivered();
  }

  /** Whole snapshots whose event the API has: what is left to bring to it. */
  snapshotsToSend(): { intentId: string; digest: string; path: string }[] {
    return this.#snapshotsHere()
      .filter(({ sequence }) => sequence <= this.#delivered)
      .map(({ intentId, digest, path }) => ({ intentId, digest, path }));
  }

  dropSnapshot(intentId: string): void {
    rmSync(join(this.dir, snapshotFile(intentId)), { force: true });
  }

  /** What dead workers left of saves; nobody finishes it. */
  dropUnfinishedSnapshots(): void {
    if (this.#claim().worker === 'alive') return;
    for (const name of readdirSync(this.dir)) {
      if (isUnfinishedSnapshot(name)) rmSync(join(this.dir, name), { force: true });
    }
  }

  /** Boots with a console file; others are forgotten, as a guest may reset for ever (console-trim.ts). */
  consoleBoots(): string[] {
    const boots = new Set(readdirSync(this.dir).flatMap((name) => bootOfConsoleFile(name) ?? []));
    for (const bootId of this.#consoles.keys()) if (!boots.has(bootId)) this.#consoles.delete(bootId);
    return [...boots];
  }

  consoleOffset(bootId: string): number {
    return this.#consoles.get(bootId) ?? 0;
  }

  markConsole(bootId: string, offset: number): void {
    this.#consoles.set(bootId, offset);
    this.#saveDelivered();
  }

  /** Lets go of the worker without a word; it stays. */
  close(): void {
    this.#disconnect();
  }

  #hasSnapshots(): boolean {
    return this.#snapshotsHere().length > 0;
  }

  #snapshotsHere(): { intentId: string; digest: string; path: string; sequence: number }[] {
    return this.#saved.flatMap(({ intentIds, snapshot, sequence }) => {
      const [intentId] = intentIds;
      if (intentId === undefined || snapshot === undefined) return [];
      const path = join(this.dir, snapshotFile(intentId));
      return existsSync(path) ? [{ intentId, digest: snapshot.digest, path, sequence }] : [];
    });
  }

  #saveDelivered(): void {
    const path = join(this.dir, DELIVERED_FILE);
    // Not synced: it changes with every piece of console, and losing it costs duplicates only.
    const console = [...this.#consoles].map(([bootId, bytes]) => ({ bootId, bytes }));
    try {
      writeFileSync(`${path}.new`, JSON.stringify({ sequence: this.#delivered, console }));
      renameSync(`${path}.new`, path);
    } catch {
      // The disk is full, most likely: what goes out must not wait for it.
    }
  }

  #identity(): WorkerIdentity | null {
    return readIdentity(this.dir);
  }

  #claim(): { worker: LocalRun['worker']; hostRebooted: boolean } {
    const identity = this.#identity();
    if (identity === null) return { worker: 'none', hostRebooted: false };
    const hostRebooted = identity.hostBootId !== hostBootId();
    if (identity.pid === null) return { worker: 'closed', hostRebooted };
    // A child is dead once its end has been heard, since how it ended comes with that.
    const alive = isAlive(identity) || (this.#child !== null && this.#child.pid === identity.pid);
    return { worker: alive ? 'alive' : 'dead', hostRebooted };
  }

  #describeEnd(worker: LocalRun['worker']): string {
    return describeEnd(this.#endedBy, worker === 'dead' && !this.ended ? this.#oom.killsMeanwhile() : 0);
  }

  /** The version of whoever speaks another protocol: the claimant or, before there is one, the run file's writer. */
  #foreign(): string | null {
    const identity = this.#identity();
    if (identity !== null && identity.pid !== null) {
      return identity.protocol === PROTOCOL ? null : identity.version;
    }
    return this.file.protocol === PROTOCOL ? null : `with protocol ${this.file.protocol}`;
  }

  #isComing(): boolean {
    if (this.#child !== null) return true;
    return countSpawns(this.dir) > 0 && findWorker(this.dir) !== null;
  }

  #readJournal(): void {
    for (const entry of this.#journal.read()) {
      if (entry.type === 'failure') this.#failure = entry;
      else if (entry.type === 'request') this.#noteRequest(entry);
      else if (entry.type === 'unmet') this.#unmet.push(entry);
      else this.#noteEvent(entry);
    }
  }

  #noteRequest(entry: RequestEntry): void {
    this.#requests.push(entry);
    this.#deadlines.push(deadlineOf(entry, Date.now(), performance.now()));
  }

  #noteEvent(entry: EventEntry): void {
    const { type: _, ...event } = entry;
    this.#started ||= entry.kind === 'started' || entry.kind === 'restored';
    this.#final ||= entry.final;
    if (entry.sequence > this.#delivered) this.#undelivered.push(event);
    if (entry.kind === 'saved') this.#saved.push(event);
  }

  #write(write: (writer: JournalWriter) => void): void {
    const writer = JournalWriter.open(join(this.dir, JOURNAL_FILE));
    try {
      write(writer);
    } finally {
      writer.close();
    }
    this.#readJournal();
  }

  #reach(): WorkerClient {
    if (this.#client === null) throw new WorkerUnreachable('there is no connection to the worker');
    return this.#client;
  }

  async #listenFor<T>(call: () => Promise<T>): Promise<T | 'lost'> {
    this.#silentSince ??= performance.now();
    try {
      const answer = await call();
      this.#silentSince = null;
      this.#wasUnresponsive = false;
      return answer;
    } catch (error) {
      if (!(error instanceof WorkerUnreachable)) throw error;
      return 'lost';
    }
  }

  #disconnect(): void {
    this.#client?.close();
    this.#client = null;
  }
}

function readDelivered(path: string): Shaped<typeof deliveredFile> {
  try {
    const found = readJson(path);
    if (found !== null) return deliveredFile(found, '');
  } catch {
    // Torn by a power cut: as good as none.
  }
  return { sequence: 0, console: [] };
}

/**
 * When a request's time is over, on the monotonic clock. The wall clock says only how much of it had passed when the
 * agent first saw the record; one that was set back or forward meanwhile cannot stretch it, nor end it twice over.
 */
export function deadlineOf(
  { timeoutSeconds, at }: Pick<RequestEntry, 'timeoutSeconds' | 'at'>,
  wallNow: number,
  monotonicNow: number,
): number {
  if (timeoutSeconds === null) return Number.POSITIVE_INFINITY;
  const total = timeoutSeconds * 1000;
  const passed = Math.min(Math.max(0, wallNow - Date.parse(at)), total);
  return monotonicNow + total - passed;
}

function hasBoot(entry: JournalEntry): entry is EventEntry | RequestEntry {
  return entry.type === 'event' || entry.type === 'request';
}
