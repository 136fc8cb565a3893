/**
 * Incus as Debian has it (package incus-base), with a state folder of its own: another API over instances, whose database
 * is within it. Its instances are containers without a file in them that were never started. It is asked at its Unix
 * socket, without TLS, where it asks its callers for nothing.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { Agent, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuOf, memoryOf, Process } from '../fleet/processes.ts';
import type { Server } from './service.ts';

/** Where Debian's package puts it. */
export const INCUSD = '/usr/libexec/incus/incusd';
const READY_WITHIN_MS = 60_000;

export class Incus implements Server, AsyncDisposable {
  readonly url: string;
  readonly #names: readonly string[];
  readonly #pid: number;
  #turn = 0;
  readonly #end: () => Promise<void>;

  /** Null where it is not installed, or not for this user. */
  static async start(program: string, instances: number): Promise<Incus | null> {
    const installed = await access(program).then(
      () => true,
      () => false,
    );
    if (!installed || process.getuid?.() !== 0) return null;
    const directory = await mkdtemp(join(tmpdir(), 'holdfast-incus-'));
    const child = spawn(program, [], { env: { ...process.env, INCUS_DIR: directory }, stdio: 'ignore' });
    await once(child, 'spawn');
    const daemon = new Process(child);
    const end = async (): Promise<void> => {
      await daemon.end();
      await rm(directory, { recursive: true, force: true });
    };
    try {
      const socket = join(directory, 'unix.socket');
      await ready(socket);
      await make(socket, '/1.0/storage-pools', { name: 'bench', driver: 'dir' });
      const names = Array.from({ length: instances }, (_, index) => `bench-${index}`);
      for (const name of names) {
        await make(socket, '/1.0/instances', {
          name,
          source: { type: 'none' },
          // Else it needs a range of users in /etc/subuid.
          config: { 'security.privileged': 'true' },
          devices: { root: { type: 'disk', path: '/', pool: 'bench' } },
        });
      }
      return new Incus({ url: `unix:${socket}`, names, pid: daemon.pid, end });
    } catch (error) {
      await end();
      throw error;
    }
  }

  constructor(parts: { url: string; names: readonly string[]; pid: number; end: () => Promise<void> }) {
    this.url = parts.url;
    this.#names = parts.names;
    this.#pid = parts.pid;
    this.#end = parts.end;
  }

  /** One after the other. */
  someName(): string {
    this.#turn += 1;
    return this.#names[this.#turn % this.#names.length] ?? '';
  }

  memory(): number {
    return memoryOf(this.#pid);
  }

  cpu(): { own: number; postgres: number } {
    return { own: cpuOf(this.#pid), postgres: 0 };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
  }
}

async function ready(socket: string): Promise<void> {
  const end = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const status = await call(socket, 'GET', '/1.0').then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 200) return;
    if (performance.now() > end) throw new Error('incusd did not come up');
    await sleep(200);
  }
}

/** Creates something and waits for the operation that does it, if one does. */
async function make(socket: string, path: string, body: object): Promise<void> {
  const { status, operation } = await call(socket, 'POST', path, body);
  if (status >= 300) throw new Error(`incus answered POST ${path} with ${status}`);
  if (operation === '') return;
  const ended = await call(socket, 'GET', `${operation}/wait`);
  if (ended.result !== 200) throw new Error(`incus could not do POST ${path}: it ended with ${ended.result}`);
}

interface Answer {
  status: number;
  /** Path of the operation that was begun; empty when none was. */
  operation: string;
  /** Of an operation: 200 when it succeeded. */
  result: number | null;
}

async function call(socketPath: string, method: string, path: string, body?: object): Promise<Answer> {
  const sent = httpRequest({ socketPath, agent: new Agent(), method, path });
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const [answer] = await once(sent, 'response');
  const { operation, metadata } = JSON.parse(await text(answer)) as {
    operation?: string;
    metadata?: { status_code?: number } | null;
  };
  return {
    status: answer.statusCode ?? 0,
    operation: operation ?? '',
    result: metadata?.status_code ?? null,
  };
}
