/** Run directories and workers for tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import type { RunSpec } from '../../src/wire/agent.ts';
import type { EventRecord } from '../../src/wire/event.ts';
import { JOURNAL_FILE, RUN_FILE } from '../../src/worker/files.ts';
import { JournalReader } from '../../src/worker/journal.ts';
import type { RunFile } from '../../src/worker/protocol.ts';

export function runSpec(fields: Partial<RunSpec> = {}): RunSpec {
  return {
    vmId: uuidv7(),
    runId: uuidv7(),
    operationId: uuidv7(),
    name: 'vm',
    vcpus: 1,
    memoryMiB: 64,
    kernel: `sha256:${'1'.repeat(64)}`,
    initramfs: null,
    cmdline: '',
    disks: [],
    nics: [],
    vsockCid: null,
    psci: '1.3',
    systemSuspend: false,
    firmware: null,
    allowMissingRegisters: false,
    requireIdRegisters: false,
    onGuest: { poweroff: 'stop', reset: 'restart', crash: 'stop' },
    restore: null,
    ...fields,
  };
}

/** A run directory as the agent makes it. */
export function makeRunDir(path: string, fields: Partial<RunSpec> = {}): RunFile {
  const file: RunFile = {
    protocol: 1,
    run: runSpec(fields),
    kernelPath: '/nowhere/kernel',
    initramfsPath: null,
    disks: [],
    nics: [],
    restorePath: null,
  };
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, RUN_FILE), JSON.stringify(file));
  return file;
}

export const WORKER = join(import.meta.dirname, 'worker.ts');
export const CRASH_AT = join(import.meta.dirname, 'crash-at.ts');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

export class PeerWorker implements AsyncDisposable {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;

  constructor(runDir: string, options: { crashAt?: number; crashMark?: string } = {}) {
    const { crashAt = 0, crashMark = '' } = options;
    let stderr = '';
    this.process = spawn(
      process.execPath,
      [...(crashAt > 0 ? ['--import', CRASH_AT] : []), WORKER, '--run-dir', runDir],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { ...process.env, HOLDFAST_CRASH_AT: String(crashAt), HOLDFAST_CRASH_MARK: crashMark },
      },
    );
    this.process.stderr?.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    this.ended = once(this.process, 'close').then(([code, signal]) => ({ code, signal, stderr }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill('SIGKILL');
    await this.ended;
  }
}

export function eventsOf(runDir: string): EventRecord[] {
  return new JournalReader(join(runDir, JOURNAL_FILE))
    .read()
    .flatMap((entry) => (entry.type === 'event' ? [entry] : []));
}

export function kindsOf(runDir: string): string[] {
  return eventsOf(runDir).map(({ kind, final }) => (final ? `${kind}!` : kind));
}

/** How often a guest of this run directory ran, by the word of the guest. */
export function guestRuns(runDir: string): number {
  const path = join(runDir, 'guest.log');
  return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n').length : 0;
}

/** Looks until it is so. The limit is far above what it ever takes; it only ends a test that hangs. */
export async function until(
  what: string,
  check: () => boolean | Promise<boolean>,
  limitMs = 45_000,
): Promise<void> {
  for (const end = Date.now() + limitMs; ; ) {
    if (await check()) return;
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
