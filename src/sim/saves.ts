/**
 * What a simulated host saves: a few bytes that say whose they are, in the place of memory and disks. They go the way of
 * a real host's files, so that snapshots and migrations can be tried; a guest that goes on from them is a new one.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface SavedFile {
  readonly digest: string;
  readonly sizeBytes: number;
}

export class SimSaves {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  /** `name`: an intent's or an operation's id. */
  save(name: string, content: object): SavedFile {
    const bytes = Buffer.from(JSON.stringify({ simulated: true, name, ...content }));
    writeFileSync(this.path(name), bytes, { mode: 0o600 });
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    return { digest, sizeBytes: bytes.length };
  }

  path(name: string): string {
    return join(this.#directory, name);
  }

  has(name: string): boolean {
    return existsSync(this.path(name));
  }

  drop(name: string): void {
    rmSync(this.path(name), { force: true });
  }
}
