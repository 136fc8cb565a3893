/** Agents as processes, and assignments for them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import type { Assignment, RunRequest, RunSpec } from '../../src/wire/agent.ts';
import { isAlive, readIdentity } from '../../src/worker/identity.ts';
import type { PeerApi } from './api.ts';
import { CRASH_AT, type Ended, runSpec } from './runs.ts';

const AGENT = join(import.meta.dirname, 'agent.ts');

/** The agent process; its disposal ends it and every worker it left. */
export class PeerAgent implements AsyncDisposable {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  readonly #state: string;

  constructor(
    api: PeerApi,
    state: string,
    crash: { at: number; mark: string } | null = null,
    { spares = 0 }: { spares?: number } = {},
  ) {
    this.#state = state;
    let stderr = '';
    this.process = spawn(
      process.execPath,
      [...(crash === null ? [] : ['--import', CRASH_AT]), AGENT, api.url, state],
      {
        stdio: ['ignore', 'inherit', 'pipe'],
        env: {
          ...process.env,
          HOLDFAST_CRASH_AT: String(crash?.at ?? 0),
          HOLDFAST_CRASH_MARK: crash?.mark ?? '',
          HOLDFAST_SPARE_WORKERS: String(spares),
        },
      },
    );
    this.process.stderr?.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    this.ended = once(this.process, 'close').then(([code, signal]) => ({ code, signal, stderr }));
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<Ended> {
    this.process.kill(signal);
    return await this.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    for (const dir of runDirs(this.#state)) killWorker(dir);
  }
}

export function runDirs(state: string): string[] {
  return readdirSync(join(state, 'vms')).flatMap((vm) => {
    const runs = join(state, 'vms', vm, 'runs');
    return existsSync(runs) ? readdirSync(runs).map((run) => join(runs, run)) : [];
  });
}

/** @returns whether there was a worker to kill. */
export function killWorker(runDir: string): boolean {
  const identity = readIdentity(runDir);
  if (identity === null || identity.pid === null || !isAlive(identity)) return false;
  process.kill(identity.pid, 'SIGKILL');
  return true;
}

export function workerPid(runDir: string): number | null {
  const identity = readIdentity(runDir);
  return identity !== null && isAlive(identity) ? identity.pid : null;
}

/** An assignment whose blobs the API has. */
export function assignment(
  api: PeerApi,
  spec: Partial<RunSpec> = {},
  fields: Partial<Assignment> = {},
): Assignment & { run: RunSpec } {
  const kernel = api.addBlob(Buffer.from('a kernel'));
  const run = runSpec({ kernel, ...spec });
  return { vmId: run.vmId, generation: 1, requests: [], deleteOperationId: null, ...fields, run };
}

export function runRequest(kind: RunRequest['kind'], fields: Partial<RunRequest> = {}): RunRequest {
  const timeoutSeconds = kind === 'stop' || kind === 'hibernate' ? 60 : null;
  return { operationId: uuidv7(), intentId: uuidv7(), kind, timeoutSeconds, force: false, ...fields };
}
