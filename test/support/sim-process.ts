/** `holdfast agent --driver sim` as a process of its own, to be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

const CLI = resolve(import.meta.dirname, '../../src/cli.ts');

export class SimProcess implements AsyncDisposable {
  readonly #child: ChildProcess;

  /** Resolves when every host is up. */
  static async start(args: readonly string[], env: Record<string, string> = {}): Promise<SimProcess> {
    const child = spawn(process.execPath, [CLI, 'agent', '--driver', 'sim', ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface(child.stdout)) {
      if (!line.endsWith('simulated hosts are up')) continue;
      child.stdout.resume();
      return new SimProcess(child);
    }
    throw new Error('the simulated hosts did not come up');
  }

  constructor(child: ChildProcess) {
    this.#child = child;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** kill -9. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}
