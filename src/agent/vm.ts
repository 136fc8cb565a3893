/**
 * One VM on this host: asks `reconcile` what to do and does it, one pass at a time. Passes are started by a new
 * assignment, by news of a worker, by a deadline and by the clock; a pass that is asked for while one runs follows it.
 */
import { rmSync } from 'node:fs';
import type { Logger } from 'pino';
import { withTrace } from '../trace/context.ts';
import type { DiskTransfer, RunSpec } from '../wire/agent.ts';
import { PROTOCOL } from '../worker/protocol.ts';
import { ActionSpans } from './action-spans.ts';
import { Backoff, pause } from './backoff.ts';
import type { Blobs } from './blobs.ts';
import { type ApiClient, ApiError } from './client.ts';
import { ensureDisk, ensureRestoredDisk } from './disks.ts';
import { Farewell } from './farewell.ts';
import { leastWait } from './loop.ts';
import type { HostNetworks } from './network/host-networks.ts';
import { type Action, isOver, type LocalRun, type Report, reconcile, type Wanted } from './reconcile.ts';
import { Run } from './run.ts';
import { logTail, type WorkerSource } from './spawn.ts';
import { orDiskFull, StartError } from './start-error.ts';
import type { Store } from './store.ts';
import { transferDisks } from './transfers.ts';

/** How often to look for a worker that is about to come up. */
const COMING_MS = 100;
/** No timer is set for longer: beyond 2^31 ms it would go off at once. */
const LONGEST_MS = 3600_000;
/** Disks that were given and are still asked for after this long are given again. */
const GIVEN_MS = 60_000;

export interface VmContext {
  readonly store: Store;
  readonly blobs: Blobs;
  readonly client: Pick<ApiClient, 'disks'>;
  readonly networks: HostNetworks;
  readonly workers: WorkerSource;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** A run has something to deliver. */
  readonly onUndelivered: () => void;
  readonly report: (report: Report) => void;
  /** A worker was started for a VM, or was found dead without a last record. */
  readonly onWorker?: (what: 'started' | 'died') => void;
}

export class Vm {
  readonly vmId: string;
  readonly #context: VmContext;
  readonly #log: Logger;
  readonly #runs = new Map<string, Run>();
  readonly #reported = new Set<string>();
  /** Run directories that cannot be read, each with the reason: a worker of another version may be at work in one. */
  readonly #unreadable = new Map<string, string>();
  readonly #backoff = new Backoff();
  readonly #farewell = new Farewell();
  readonly #spans: ActionSpans;
  /** Runs whose file from another host is gone. */
  readonly #dropped = new Set<string>();
  readonly #fetching = new Map<string, Promise<void>>();
  /** Disks on their way, while that is worked at. */
  #transfer: { readonly operationId: string; readonly stop: AbortController; ended: Promise<void> } | null =
    null;
  #wanted: Wanted = 'unknown';
  #observedGeneration = 0;
  #pass: Promise<void> | null = null;
  #again = false;
  #alarm: NodeJS.Timeout | undefined;
  #waitUntil = 0;

  constructor(vmId: string, context: VmContext) {
    this.vmId = vmId;
    this.#context = context;
    this.#log = context.log.child({ vmId });
    this.#spans = new ActionSpans(vmId);
    for (const runId of context.store.runIds(vmId)) this.#open(runId);
  }

  /** Oldest first. */
  get runs(): readonly Run[] {
    return [...this.#runs.values()].sort((a, b) => (a.runId < b.runId ? -1 : 1));
  }

  /** The run that has not ended, if there is one. */
  get currentRun(): Run | null {
    return this.runs.findLast((run) => !run.ended) ?? null;
  }

  get observedGeneration(): number {
    return this.#observedGeneration;
  }

  /** Whether every run directory can be read. */
  get readsAll(): boolean {
    return this.#unreadable.size === 0;
  }

  /** Whether nothing happens here but by a new assignment. */
  get settled(): boolean {
    return this.runs.every((run) => run.settled);
  }

  /** Whether nothing of this VM is wanted or left here. */
  get gone(): boolean {
    return this.#wanted === null && this.#runs.size === 0;
  }

  want(wanted: Wanted): void {
    this.#wanted = wanted;
    this.#farewell.heard(wanted);
    if (wanted !== null && wanted !== 'unknown') this.#observedGeneration = wanted.generation;
    this.wake();
  }

  /** Starts a pass, or has one follow that which runs. */
  wake(): void {
    if (this.#context.signal.aborted || performance.now() < this.#waitUntil) return;
    this.#again = true;
    this.#pass ??= this.#passes().finally(() => {
      this.#pass = null;
      if (this.#again) this.wake();
    });
  }

  /** Lets go of workers; they stay. */
  async close(): Promise<void> {
    clearTimeout(this.#alarm);
    for (const run of this.#runs.values()) run.close();
    await this.#pass;
    await this.#transfer?.ended;
  }

  async #passes(): Promise<void> {
    try {
      while (this.#again && !this.#context.signal.aborted) {
        this.#again = false;
        const actions = this.#decide();
        for (const action of actions) await this.#trace(action);
        if (actions.some(changesState)) this.#again = true;
      }
      this.#backoff.succeeded();
      this.#setAlarm();
    } catch (error) {
      // Most likely a full disk. Nothing was half done; the same is decided again later.
      const wait = this.#backoff.failed();
      this.#log.error({ err: error, failures: this.#backoff.failures }, 'cannot go on, trying again');
      this.#again = false;
      this.#waitUntil = performance.now() + wait;
      clearTimeout(this.#alarm);
      this.#alarm = setTimeout(() => {
        this.#waitUntil = 0;
        this.wake();
      }, wait);
    }
  }

  #decide(): Action[] {
    const local: LocalRun[] = [];
    for (const run of this.runs) {
      local.push(run.look());
      const damaged = run.takeDamage();
      if (damaged > 0) {
        this.#log.error(
          { runId: run.runId, damaged },
          'records of the journal are damaged and lost: check the disk',
        );
      }
    }
    this.#spans.look(local);
    if (this.runs.some((run) => run.undelivered.length > 0)) this.#context.onUndelivered();
    const [unreadable] = this.#unreadable;
    if (unreadable !== undefined) return this.#refuseNew(unreadable);
    if (this.#attendTransfer(local)) return [];
    if (local.every(({ started, ended }) => started || ended)) this.#dropMoved();
    const mayForget =
      this.#farewell.isDue(this.#wanted, isOver(local)) && !this.#context.store.hasDisks(this.vmId);
    return reconcile(this.#wanted, local, this.#reported, mayForget);
  }

  /** Removes the files of guests that came here from another host: each is of use for one start. */
  #dropMoved(): void {
    for (const { runId, file } of this.#runs.values()) {
      if (file.run.restore?.once !== true || file.restorePath === null || this.#dropped.has(runId)) continue;
      rmSync(file.restorePath, { force: true });
      this.#dropped.add(runId);
    }
  }

  /** Begins or ends what is to be done about disks that move. True: nothing else may happen to them meanwhile. */
  #attendTransfer(local: readonly LocalRun[]): boolean {
    const wanted = this.#wanted === null || this.#wanted === 'unknown' ? undefined : this.#wanted.transfer;
    const transfer = this.#transfer;
    if (transfer !== null) {
      if (transfer.operationId !== wanted?.operationId) transfer.stop.abort();
      return true;
    }
    // A run here may have the disks open, or is yet to be told of.
    if (wanted === undefined || this.#reported.has(wanted.operationId) || !isOver(local)) return false;
    const stop = new AbortController();
    const begun = { operationId: wanted.operationId, stop, ended: Promise.resolve() };
    this.#transfer = begun;
    begun.ended = this.#moveDisks(wanted, AbortSignal.any([stop.signal, this.#context.signal])).finally(
      () => {
        this.#transfer = null;
        this.wake();
      },
    );
    return true;
  }

  /** Through every failure of the API that may pass. */
  async #moveDisks(transfer: DiskTransfer, signal: AbortSignal): Promise<void> {
    const { operationId, digest } = transfer;
    const backoff = new Backoff();
    this.#log.info({ operationId, digest }, digest === null ? 'giving its disks away' : 'taking its disks');
    while (!signal.aborted) {
      try {
        if (await transferDisks(this.#context, this.vmId, transfer, signal)) {
          this.#report({ operationId, status: 'succeeded' });
        }
        // Given: the API has them, and says so by the next assignments.
        else await pause(GIVEN_MS, signal);
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof StartError) {
          this.#log.error({ operationId, code: error.code, detail: error.message }, 'its disks do not move');
          this.#report({ operationId, status: 'failed', error: { code: error.code, detail: error.message } });
          return;
        }
        const wait = backoff.failed(leastWait(error));
        this.#log.warn({ operationId, err: error }, 'its disks do not move yet, trying again');
        await pause(wait, signal);
      }
    }
  }

  /** Nothing is begun or removed beside a run of which nothing is known. */
  #refuseNew([runId, why]: readonly [string, string]): Action[] {
    if (this.#wanted === null || this.#wanted === 'unknown') return [];
    const { run, requests, deleteOperationId } = this.#wanted;
    const operations = [
      ...(run === null ? [] : [run.operationId]),
      ...requests.map(({ operationId }) => operationId),
      ...(deleteOperationId === null ? [] : [deleteOperationId]),
    ];
    const detail = `the host cannot read the run ${runId} of this VM, whose guest may be running: ${why}`;
    const error = { code: 'RUN_NOT_READABLE', detail };
    return operations
      .filter((operationId) => !this.#reported.has(operationId))
      .map((operationId) => ({ do: 'report', report: { operationId, status: 'failed', error } }));
  }

  /** Performs it in the trace of its operation. */
  async #trace(action: Action): Promise<void> {
    const startOf = (runId: string): string | null => this.#runs.get(runId)?.file.run.operationId ?? null;
    const span = this.#spans.start(action, this.#wanted, startOf);
    if (span === null) return await this.#perform(action);
    try {
      await withTrace(span.context, () => this.#perform(action));
    } finally {
      // Fetching goes on by itself, and ends its span.
      if (action.do !== 'fetch') span.end();
      else void this.#fetching.get(action.runId)?.finally(() => span.end());
    }
  }

  async #perform(action: Action): Promise<void> {
    switch (action.do) {
      case 'create':
        this.#tryToCreate(action.run);
        return;
      case 'report':
        this.#report(action.report);
        return;
      case 'removeVm':
        this.#runs.clear();
        this.#context.store.removeVm(this.vmId);
        this.#log.info('removed');
        this.#report({ operationId: action.operationId, status: 'succeeded' });
        return;
      case 'forgetVm':
        if (this.#runs.size > 0)
          this.#log.info('forgotten: it is not of this host any more and has no disks here');
        this.#runs.clear();
        this.#context.store.removeVm(this.vmId);
        return;
      case 'removeRun':
        this.#runs.delete(action.runId);
        this.#context.store.removeRun(this.vmId, action.runId);
        return;
    }
    const run = this.#runs.get(action.runId);
    if (run !== undefined) await this.#performOn(run, action);
  }

  async #performOn(run: Run, action: Extract<Action, { runId: string }>): Promise<void> {
    const { runId } = run;
    switch (action.do) {
      case 'fetch':
        run.files = 'fetching';
        this.#fetching.set(
          runId,
          this.#fetch(run).finally(() => this.#fetching.delete(runId)),
        );
        return;
      case 'spawn':
        this.#log.info({ runId }, 'starting a worker');
        run.spawn(this.#context.workers);
        this.#context.onWorker?.('started');
        return;
      case 'release':
        this.#log.warn({ runId, log: logTail(run.dir) }, 'a worker ended before its guest ran');
        run.release();
        this.#context.onWorker?.('died');
        return;
      case 'connect':
        await run.connect();
        return;
      case 'finish':
        this.#log.warn(
          { runId, kind: action.kind, reason: action.reason },
          'finishing the journal of a dead worker',
        );
        run.finish(action.kind, action.reason, action.killIntent);
        this.#context.onWorker?.('died');
        return;
      case 'fail': {
        const tail = action.code === 'WORKER_DID_NOT_START' ? `: ${logTail(run.dir)}` : '';
        if (run.fail(action.code, `${action.detail}${tail}`)) {
          this.#log.warn({ runId, code: action.code, detail: action.detail }, 'the start failed');
        }
        return;
      }
      case 'request':
        await this.#request(run, action.request);
        return;
      case 'kill':
        this.#log.info({ runId, reason: action.reason }, 'ending a guest');
        await run.request({
          intentId: action.intentId,
          kind: 'kill',
          timeoutSeconds: null,
          reason: action.reason,
        });
        return;
      case 'terminate':
        this.#log.error({ runId, reason: action.reason }, 'ending a worker that does not answer');
        run.terminate();
        return;
    }
  }

  async #request(run: Run, { intentId, kind, timeoutSeconds, operationId }: RunRequestLike): Promise<void> {
    this.#log.info({ runId: run.runId, kind, intentId }, 'asking the worker');
    const reason = kind === 'kill' ? 'killed at an operator’s request' : null;
    const answer = await run.request({ intentId, kind, timeoutSeconds, reason });
    // A run that has ended is settled by its last event; an answer that was lost is looked for in the journal.
    if (answer === null || answer === 'lost' || answer.code === 'RUN_ENDED') return;
    this.#report({ operationId, status: 'failed', error: answer });
  }

  #report(report: Report): void {
    this.#reported.add(report.operationId);
    this.#context.report(report);
  }

  /** Nothing of the run exists where this fails for want of room, so the start may be given up without a record. */
  #tryToCreate(spec: RunSpec): void {
    try {
      this.#context.store.assertRoom();
      this.#create(spec);
    } catch (error) {
      const reason = orDiskFull(error, `the run ${spec.runId}`);
      if (!(reason instanceof StartError)) throw error;
      const { code, message: detail } = reason;
      this.#log.warn({ runId: spec.runId, code, detail }, 'the start failed');
      this.#report({ operationId: spec.operationId, status: 'failed', error: { code, detail } });
    }
  }

  #create(spec: RunSpec): void {
    const { store, networks } = this.#context;
    const disks = spec.disks.map(({ name, readOnly }) => ({
      name,
      readOnly,
      path: store.diskPath(this.vmId, name) ?? '',
    }));
    store.createRun(this.vmId, spec.runId, {
      protocol: PROTOCOL,
      run: spec,
      kernelPath: store.blobPath(spec.kernel),
      initramfsPath: spec.initramfs === null ? null : store.blobPath(spec.initramfs),
      disks,
      restorePath: spec.restore === null ? null : store.blobPath(spec.restore.snapshot),
      nics: spec.nics.map(({ name, mac }) => ({ name, mac, tap: networks.tapName(this.vmId, name) })),
    });
    this.#open(spec.runId);
  }

  #open(runId: string): void {
    try {
      const dir = this.#context.store.runDir(this.vmId, runId);
      this.#runs.set(runId, new Run(dir, () => this.wake()));
    } catch (error) {
      this.#log.error({ runId, err: error }, 'cannot use this run directory; it is left alone');
      this.#unreadable.set(runId, error instanceof Error ? error.message : String(error));
    }
  }

  /** Gets image files, disks and network interfaces ready, through every failure of the API that may pass. */
  async #fetch(run: Run): Promise<void> {
    const { blobs, signal } = this.#context;
    const backoff = new Backoff();
    while (run.files === 'fetching' && !run.ended && !signal.aborted) {
      try {
        await this.#makeReady(run, blobs);
        run.files = 'ready';
      } catch (error) {
        if (error instanceof StartError) {
          run.files = { code: error.code, detail: error.message };
        } else if (!signal.aborted) {
          const wait = backoff.failed(leastWait(error));
          const level = error instanceof ApiError && error.passing ? 'warn' : 'error';
          this.#log[level]({ runId: run.runId, err: error }, 'cannot get the files of a start, trying again');
          await pause(wait, signal);
        }
      }
    }
    this.wake();
  }

  async #makeReady(run: Run, blobs: Blobs): Promise<void> {
    const { kernel, initramfs, disks, restore } = run.file.run;
    const snapshotPath = restore === null ? null : await blobs.ensure(restore.snapshot);
    for (const { name, sizeMiB } of disks) {
      const path = this.#context.store.diskPath(this.vmId, name);
      if (path === null)
        throw new StartError('DISK_NAME_INVALID', `a disk cannot be called "${name}" on a host`);
      if (snapshotPath === null) ensureDisk(path, sizeMiB);
      else await ensureRestoredDisk(path, { name, sizeMiB, snapshotPath });
    }
    await blobs.ensure(kernel);
    if (initramfs !== null) await blobs.ensure(initramfs);
    await this.#context.networks.prepare(run.file.run);
  }

  #setAlarm(): void {
    clearTimeout(this.#alarm);
    const waits = this.runs.flatMap((run) => [run.nextDeadline() ?? [], run.awaited ? COMING_MS : []].flat());
    if (waits.length > 0) this.#alarm = setTimeout(() => this.wake(), Math.min(...waits, LONGEST_MS) + 10);
  }
}

type RunRequestLike = Extract<Action, { do: 'request' }>['request'];

/** Whether another look is worth it at once; the others are followed by news of their own. */
function changesState(action: Action): boolean {
  return ['create', 'release', 'finish', 'fail', 'removeVm', 'removeRun'].includes(action.do);
}
