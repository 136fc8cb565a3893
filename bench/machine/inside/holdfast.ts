/** Holdfast's worker, started as its agent does it: from the bundle, by a process for it or by a spare one. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { Spares } from '../../../src/agent/spares.ts';
import { spawnWorker, type WorkerCommand } from '../../../src/agent/spawn.ts';
import { writeJson } from '../../../src/agent/store.ts';
import { WorkerClient } from '../../../src/agent/worker-client.ts';
import { workerCommand } from '../../../src/bundle/find.ts';
import { bootOfConsoleFile, JOURNAL_FILE, RUN_FILE, snapshotFile } from '../../../src/worker/files.ts';
import { JournalReader } from '../../../src/worker/journal.ts';
import { PROTOCOL, type RunFile, runFile } from '../../../src/worker/protocol.ts';
import type { GuestConfig, RunningVm, Saved, Vmm } from './vmm.ts';

const ROOT = '/var/lib/holdfast/bench';
/** The agent checks what it fetches, the worker does not ask. */
const DIGEST = `sha256:${'0'.repeat(64)}`;

export class HoldfastVmm implements Vmm {
  readonly name = 'holdfast';
  readonly #command: WorkerCommand;
  readonly #spares: Spares | null;

  private constructor(command: WorkerCommand, spares: Spares | null) {
    this.#command = command;
    this.#spares = spares;
  }

  /** `spares`: how many workers wait before each start. */
  static open(spares: number): HoldfastVmm {
    const command = workerCommand();
    if (spares === 0) return new HoldfastVmm(command, null);
    const directory = join(ROOT, 'spares');
    const log = pino({ level: 'warn' });
    return new HoldfastVmm(command, new Spares({ command, directory, count: spares, log }));
  }

  /** Waits until a spare has loaded everything and does nothing more. */
  async ready(): Promise<void> {
    if (this.#spares === null) return;
    for (let quiet = 0, last = -1; quiet < 5; ) {
      await sleep(200);
      const used = sparesCpuTicks();
      quiet = used === last && used > 0 ? quiet + 1 : 0;
      last = used;
    }
  }

  async start(config: GuestConfig): Promise<RunningVm> {
    const dir = join(ROOT, uuidv7());
    mkdirSync(dir, { recursive: true });
    writeJson(join(dir, RUN_FILE), fileOf(config));
    const startedAt = performance.now();
    const child = spawnWorker(dir, { command: this.#command, spares: this.#spares });
    return new RunningWorker(child, dir, startedAt);
  }

  close(): void {
    this.#spares?.close();
  }
}

/** Processor time of every waiting spare, in clock ticks. */
function sparesCpuTicks(): number {
  let ticks = 0;
  for (const pid of readdirSync('/proc')) {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--spare')) continue;
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      ticks += Number(fields[11]) + Number(fields[12]);
    } catch {
      // Not a process, or no longer one.
    }
  }
  return ticks;
}

/** What is not said has its default (worker/protocol.ts). */
function fileOf(config: GuestConfig): RunFile {
  const { vcpus, memoryMiB, kernelPath, initramfsPath, cmdline, diskPath, tap, savedPath } = config;
  const run = {
    ...{ vmId: uuidv7(), runId: uuidv7(), operationId: uuidv7(), name: 'bench' },
    ...{
      vcpus,
      memoryMiB,
      cmdline,
      kernel: DIGEST,
      initramfs: null,
      disks: [],
      psci: config.psci ?? '1.1',
    },
    onGuest: { poweroff: 'stop', reset: 'stop', crash: 'stop' },
    restore: savedPath === undefined ? null : { snapshot: DIGEST, skipAbsentRegisters: false },
  };
  const nics = tap === undefined ? [] : [{ name: 'eth0', mac: '02:00:00:00:00:02', tap }];
  const disks = diskPath === null ? [] : [{ name: 'disk', path: diskPath, readOnly: false }];
  const restorePath = savedPath ?? null;
  return runFile({ protocol: PROTOCOL, run, kernelPath, initramfsPath, disks, nics, restorePath }, '');
}

class RunningWorker implements RunningVm {
  readonly pid: number;
  readonly startedAt: number;
  readonly #child: ChildProcess;
  readonly #dir: string;
  #console: string | undefined;
  readonly #journal: JournalReader;
  #client: WorkerClient | undefined;
  #news = Promise.withResolvers<void>();

  constructor(child: ChildProcess, dir: string, startedAt: number) {
    this.#child = child;
    // An agent lets its workers go; here each is waited for.
    child.ref();
    this.#dir = dir;
    this.#journal = new JournalReader(join(dir, JOURNAL_FILE));
    this.startedAt = startedAt;
    this.pid = child.pid ?? 0;
  }

  console(): Buffer {
    this.#console ??= readdirSync(this.#dir).find((name) => bootOfConsoleFile(name) !== null);
    if (this.#child.exitCode !== null && this.#console === undefined) {
      throw new Error(`the worker ended: ${readFileSync(join(this.#dir, 'worker.log'), 'utf8')}`);
    }
    return this.#console === undefined ? Buffer.alloc(0) : readFileSync(join(this.#dir, this.#console));
  }

  async pause(): Promise<void> {
    await this.#request('pause', 'paused');
  }

  async resume(): Promise<void> {
    await this.#request('resume', 'resumed');
  }

  async save(path: string): Promise<Saved> {
    const asked = performance.now();
    const intentId = uuidv7();
    await this.#request('snapshot', 'saved', intentId);
    const milliseconds = performance.now() - asked;
    renameSync(join(this.#dir, snapshotFile(intentId)), path);
    return { path, bytes: statSync(path).size, milliseconds };
  }

  async end(): Promise<void> {
    this.#client?.close();
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGKILL');
      await once(this.#child, 'exit');
    }
    rmSync(this.#dir, { recursive: true, force: true });
  }

  /** Until the event is in the journal: only then has it happened. */
  async #request(kind: 'pause' | 'resume' | 'snapshot', event: string, intentId = uuidv7()): Promise<void> {
    this.#journal.read();
    this.#client ??= await WorkerClient.connect(this.#dir, () => this.#news.resolve());
    const request = this.#client.request({ intentId, kind, timeoutSeconds: null, reason: null });
    while (!this.#journal.read().some((entry) => entry.type === 'event' && entry.kind === event)) {
      await this.#news.promise;
      this.#news = Promise.withResolvers();
    }
    await request;
  }
}
